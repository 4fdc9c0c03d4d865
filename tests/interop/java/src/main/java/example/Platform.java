package example;

import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.identityconnectors.common.security.GuardedString;
import org.identityconnectors.framework.api.APIConfiguration;
import org.identityconnectors.framework.api.ConfigurationProperties;
import org.identityconnectors.framework.api.ConfigurationProperty;
import org.identityconnectors.framework.api.ConnectorFacade;
import org.identityconnectors.framework.api.ConnectorFacadeFactory;
import org.identityconnectors.framework.api.ConnectorInfo;
import org.identityconnectors.framework.api.ConnectorInfoManagerFactory;
import org.identityconnectors.framework.api.RemoteFrameworkConnectionInfo;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.common.objects.AttributeBuilder;
import org.identityconnectors.framework.common.objects.AttributeDelta;
import org.identityconnectors.framework.common.objects.AttributeDeltaBuilder;
import org.identityconnectors.framework.common.objects.AttributeInfo;
import org.identityconnectors.framework.common.objects.ConnectorObject;
import org.identityconnectors.framework.common.objects.Name;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.ObjectClassInfo;
import org.identityconnectors.framework.common.objects.OperationOptions;
import org.identityconnectors.framework.common.objects.OperationOptionsBuilder;
import org.identityconnectors.framework.common.objects.Schema;
import org.identityconnectors.framework.common.objects.SearchResult;
import org.identityconnectors.framework.common.objects.ScriptContextBuilder;
import org.identityconnectors.framework.common.objects.SortKey;
import org.identityconnectors.framework.common.objects.SyncToken;
import org.identityconnectors.framework.common.objects.Uid;
import org.identityconnectors.framework.common.objects.filter.Filter;
import org.identityconnectors.framework.common.objects.filter.FilterBuilder;
import org.identityconnectors.framework.impl.api.remote.RemoteWrappedException;

/** Does what an identity platform does with a connector, and prints what it saw: a mark, a word, a tab, and the finding. */
public final class Platform {

    private static final ObjectClass ACCOUNT = ObjectClass.ACCOUNT;

    private final ConnectorFacade facade;

    private Platform(final ConnectorFacade facade) {
        this.facade = facade;
    }

    public static void main(final String[] args) throws Exception {
        String host = args[0];
        int port = Integer.parseInt(args[1]);
        String certificate = args[4];
        List<TrustManager> trust = certificate.isEmpty() ? new ArrayList<>() : trusting(certificate);
        RemoteFrameworkConnectionInfo server = new RemoteFrameworkConnectionInfo(
                host, port, new GuardedString(args[2].toCharArray()), !certificate.isEmpty(), trust, 60_000);

        List<ConnectorInfo> infos;
        try {
            infos = ConnectorInfoManagerFactory.getInstance().getRemoteManager(server).getConnectorInfos();
        } catch (RuntimeException refused) {
            say("refused", refused.getClass().getSimpleName());
            return;
        }
        for (ConnectorInfo info : infos) {
            say("connector", info.getConnectorKey().getConnectorName() + " " + info.getConnectorDisplayName());
            say("bundle", info.getConnectorKey().getBundleName() + " " + info.getConnectorKey().getBundleVersion()
                    + " " + info.getConnectorCategory());
        }
        APIConfiguration configuration = infos.get(0).createDefaultAPIConfiguration();
        ConfigurationProperties properties = configuration.getConfigurationProperties();
        say("properties", String.join(" ", properties.getPropertyNames()));
        for (String name : properties.getPropertyNames()) {
            ConfigurationProperty property = properties.getProperty(name);
            say("property", String.join("|", name, property.getDisplayName(null), property.getGroup(null),
                    property.getType().getSimpleName(), String.valueOf(property.isConfidential()),
                    String.valueOf(property.isRequired())));
        }
        say("help", properties.getProperty("system").getHelpMessage(null));
        properties.getProperty("system").setValue(args[3]);
        ConnectorFacade facade = ConnectorFacadeFactory.getInstance().newInstance(configuration);
        say("facade key", facade.getConnectorFacadeKey());
        if (args.length > 5 && args[5].equals("complex")) {
            new Complex(facade).live();
            return;
        }
        new Platform(facade).live();
        properties.getProperty("system").setValue("nowhere");
        say("misconfigured", failing(() -> ConnectorFacadeFactory.getInstance().newInstance(configuration).validate()));
        properties.getProperty("system").setValue(null);
        properties.getProperty("authenticationMethod").setValue("TOKEN");
        properties.getProperty("authToken").setValue(new GuardedString("nobody's".toCharArray()));
        properties.getProperty("serviceUri").setValue("http://127.0.0.1:1/v1");
        say("unreachable", failing(() -> ConnectorFacadeFactory.getInstance().newInstance(configuration).test()));
    }

    private void live() {
        facade.validate();
        facade.test();
        say("operations", new TreeSet<>(names(facade.getSupportedOperations())).toString());
        schema(facade.schema());
        searches();
        new Questions(facade).ask();
        changes();
        failures();
    }

    private void schema(final Schema schema) {
        schema.getSupportedOptionsByOperation().forEach((operation, options) -> {
            TreeSet<String> sorted = new TreeSet<>();
            options.forEach(each -> sorted.add(each.getName()));
            say("options", operation.getSimpleName() + " " + sorted);
        });
        TreeMap<String, Integer> classes = new TreeMap<>();
        for (ObjectClassInfo info : schema.getObjectClassInfo()) {
            classes.put(info.getType(), info.getAttributeInfo().size());
            for (AttributeInfo attribute : info.getAttributeInfo()) {
                if (info.is(ObjectClass.ACCOUNT_NAME)) {
                    say("attribute", attribute.getName() + " " + attribute.getType().getSimpleName()
                            + (attribute.isRequired() ? " required" : "")
                            + (attribute.isMultiValued() ? " many" : ""));
                }
            }
        }
        say("classes", classes.keySet().toString());
    }

    private void searches() {
        AtomicInteger count = new AtomicInteger();
        facade.search(ACCOUNT, null, found -> count.incrementAndGet() > 0, null);
        say("everybody", count);

        AtomicInteger some = new AtomicInteger();
        facade.search(ACCOUNT, null, found -> some.incrementAndGet() < 250, null);
        say("stopped", some);

        String cookie = null;
        int pages = 0;
        Set<String> uids = new TreeSet<>();
        do {
            OperationOptionsBuilder options = new OperationOptionsBuilder().setPageSize(100);
            if (cookie != null) {
                options.setPagedResultsCookie(cookie);
            }
            SearchResult result = facade.search(
                    ACCOUNT, null, found -> uids.add(found.getUid().getUidValue()), options.build());
            cookie = result.getPagedResultsCookie();
            pages++;
        } while (cookie != null);
        say("pages", pages + " " + uids.size());

        List<String> sorted = new ArrayList<>();
        facade.search(ACCOUNT, null, found -> sorted.add(found.getName().getNameValue()),
                new OperationOptionsBuilder().setSortKeys(new SortKey(Name.NAME, true)).setPageSize(3).build());
        say("sorted", sorted.equals(new ArrayList<>(new TreeSet<>(sorted))));

        ConnectorObject one = facade.getObject(ACCOUNT, new Uid(uids.iterator().next()), null);
        Attribute name = AttributeBuilder.build("displayName", one.getAttributeByName("displayName").getValue());
        say("uid", hits(FilterBuilder.equalTo(one.getUid())));
        say("name", hits(FilterBuilder.equalTo(one.getName())));
        say("equal", hits(FilterBuilder.equalTo(name)) > 0);
        say("prefix", hits(FilterBuilder.startsWith(name)) > 0);
        say("none", hits(FilterBuilder.and(FilterBuilder.equalTo(name), FilterBuilder.not(FilterBuilder.equalTo(name)))));
    }

    private int hits(final Filter filter) {
        AtomicInteger count = new AtomicInteger();
        facade.search(ACCOUNT, filter, found -> count.incrementAndGet() > 0, null);
        return count.get();
    }

    private void changes() {
        SyncToken token = facade.getLatestSyncToken(ACCOUNT);
        Uid uid = facade.create(ACCOUNT, Set.of(
                new Name("java@example.com"),
                AttributeBuilder.build("displayName", "Java Dübel"),
                AttributeBuilder.build("firstName", "Java"),
                AttributeBuilder.build("addresses.work.country", "IT")), null);
        say("created", described(uid));
        say("resolved", facade.resolveUsername(ACCOUNT, "java@example.com", null).equals(uid));
        facade.update(ACCOUNT, uid, Set.of(AttributeBuilder.build("title", "Lead")), null);
        facade.update(ACCOUNT, uid, Set.of(AttributeBuilder.build("addresses.work.locality", "Roma")), null);
        say("updated", described(uid));
        facade.addAttributeValues(ACCOUNT, uid, Set.of(AttributeBuilder.build("department", "Tea")), null);
        say("added", described(uid));
        facade.removeAttributeValues(ACCOUNT, uid, Set.of(AttributeBuilder.build("department", "Tea")), null);
        say("removed", described(uid));
        Set<AttributeDelta> effects = facade.updateDelta(
                ACCOUNT, uid, Set.of(AttributeDeltaBuilder.build("title", List.of("Head"))), null);
        say("effects", effects.size());
        say("delta", described(uid));

        List<String> deltas = new ArrayList<>();
        SyncToken last = facade.sync(ACCOUNT, token, delta -> {
            deltas.add(delta.getDeltaType() + " " + delta.getUid().equals(uid));
            return true;
        }, null);
        say("changes", deltas + " " + (last != null));
        say("taken", failing(() -> facade.create(ACCOUNT, Set.of(
                new Name("java@example.com"), AttributeBuilder.build("displayName", "Again")), null)));
        follow("updates", last, uid);
        facade.delete(ACCOUNT, uid, null);
        follow("deletions", last, uid);
        say("gone", facade.getObject(ACCOUNT, uid, null) == null);
        say("script", facade.runScriptOnConnector(new ScriptContextBuilder("python", "1 + arguments['who']")
                .addScriptArgument("who", 41).build(), null));
    }

    private void follow(final String word, final SyncToken token, final Uid uid) {
        if (word.equals("updates")) {
            facade.update(ACCOUNT, uid, Set.of(AttributeBuilder.build("title", "Chief")), null);
        }
        List<String> deltas = new ArrayList<>();
        facade.sync(ACCOUNT, token, delta -> {
            deltas.add(delta.getDeltaType() + " " + delta.getUid().equals(uid));
            return true;
        }, null);
        say(word, deltas);
    }

    private String described(final Uid uid) {
        OperationOptions options = new OperationOptionsBuilder().setAttributesToGet("displayName", "title", "department",
                "addresses.work.country", "addresses.work.locality").build();
        TreeMap<String, Object> found = new TreeMap<>();
        for (Attribute each : facade.getObject(ACCOUNT, uid, options).getAttributes()) {
            if (!each.is(Uid.NAME)) {
                found.put(each.getName(), each.getValue());
            }
        }
        return found.toString();
    }

    private void failures() {
        Uid nobody = new Uid("nobody");
        say("unknown uid", failing(() -> facade.delete(ACCOUNT, nobody, null)));
        say("unknown class", failing(() -> facade.search(new ObjectClass("nope"), null, found -> true, null)));
        say("unknown attribute", failing(() -> facade.create(ACCOUNT, Set.of(
                new Name("x@example.com"), AttributeBuilder.build("displayName", "x"), AttributeBuilder.build("nope", 1)), null)));
        say("wrong type", failing(() -> facade.update(
                ACCOUNT, nobody, Set.of(AttributeBuilder.build("title", 1)), null)));
        say("wrong cookie", failing(() -> facade.search(ACCOUNT, null, found -> true,
                new OperationOptionsBuilder().setPageSize(1).setPagedResultsCookie("x").build())));
        say("wrong token", failing(() -> facade.sync(ACCOUNT, new SyncToken("x"), delta -> true, null)));
        say("no script", failing(() -> facade.runScriptOnConnector(
                new ScriptContextBuilder("python", "1 / 0").build(), null)));
        say("guarded", guarded());
        say("missing attribute", failing(() -> facade.create(ACCOUNT, Set.of(new Name("x@example.com")), null)));
    }

    /** Deletes until the guard says no. */
    private String guarded() {
        List<Uid> some = new ArrayList<>();
        facade.search(ACCOUNT, FilterBuilder.startsWith(new Name("guarded")), found -> some.add(found.getUid()), null);
        for (int number = 0; some.size() < 3; number++) {
            some.add(facade.create(ACCOUNT, Set.of(new Name("guarded" + number + "@example.com"),
                    AttributeBuilder.build("displayName", "Guarded")), null));
        }
        String last = "it worked";
        for (Uid each : some) {
            last = failing(() -> facade.delete(ACCOUNT, each, null));
        }
        return last;
    }

    private static String failing(final Runnable operation) {
        try {
            operation.run();
            return "it worked";
        } catch (RemoteWrappedException error) {
            return error.getExceptionClass().replaceAll(".*\\.", "");
        }
    }

    private static Set<String> names(final Set<? extends Class<?>> classes) {
        Set<String> found = new TreeSet<>();
        for (Class<?> each : classes) {
            found.add(each.getSimpleName());
        }
        return found;
    }

    private static List<TrustManager> trusting(final String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream in = new FileInputStream(file)) {
            store.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return List.of(factory.getTrustManagers());
    }

    static void say(final String word, final Object finding) {
        System.out.println("> " + word + "\t" + finding);
    }
}
