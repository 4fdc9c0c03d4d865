package example;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.identityconnectors.framework.api.APIConfiguration;
import org.identityconnectors.framework.api.ConfigurationProperties;
import org.identityconnectors.framework.api.ConnectorFacade;
import org.identityconnectors.framework.common.exceptions.ConnectorException;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.common.objects.AttributeBuilder;
import org.identityconnectors.framework.common.objects.AttributeInfo;
import org.identityconnectors.framework.common.objects.ConnectorObject;
import org.identityconnectors.framework.common.objects.Name;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.ObjectClassInfo;
import org.identityconnectors.framework.common.objects.OperationOptions;
import org.identityconnectors.framework.common.objects.OperationOptionsBuilder;
import org.identityconnectors.framework.common.objects.Schema;
import org.identityconnectors.framework.common.objects.ScriptContextBuilder;
import org.identityconnectors.framework.common.objects.SearchResult;
import org.identityconnectors.framework.common.objects.SortKey;
import org.identityconnectors.framework.common.objects.SyncToken;
import org.identityconnectors.framework.common.objects.Uid;
import org.identityconnectors.framework.common.objects.filter.Filter;
import org.identityconnectors.framework.common.objects.filter.FilterBuilder;
import org.identityconnectors.framework.impl.api.remote.RemoteWrappedException;

/** Does what an identity platform does with a connector, and prints what it saw: a mark, a word, a tab, and the finding. */
final class Platform {

    private static final ObjectClass ACCOUNT = ObjectClass.ACCOUNT;

    private final ConnectorFacade facade;

    private Platform(final ConnectorFacade facade) {
        this.facade = facade;
    }

    static void lives(final APIConfiguration configuration, final Maker maker, final String system) throws Exception {
        ConfigurationProperties properties = configuration.getConfigurationProperties();
        say("properties", String.join(" ", properties.getPropertyNames()));
        say("help", properties.getProperty("system").getHelpMessage(null));
        properties.getProperty("system").setValue(system);
        Platform platform = new Platform(maker.make(configuration));
        platform.live();
        properties.getProperty("system").setValue("nowhere");
        say("misconfigured", failing(() -> maker.make(configuration).validate()));
    }

    /** Makes what operations are called on. */
    interface Maker {
        ConnectorFacade make(APIConfiguration configuration);
    }

    private void live() throws Exception {
        facade.validate();
        facade.test();
        say("operations", new TreeSet<>(names(facade.getSupportedOperations())).toString());
        schema(facade.schema());
        searches();
        atOnce();
        changes();
        failures();
    }

    private void schema(final Schema schema) {
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
        try {
            facade.search(ACCOUNT, null, found -> some.incrementAndGet() < 250, null);
            say("stopped", some);
        } catch (CancellationException | ConnectorException cancelled) {
            say("stopped", some + " " + cancelled.getClass().getSimpleName());
        }

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
        Attribute emails = one.getAttributeByName("emails");
        int everybody = uids.size();
        say("others", hits(FilterBuilder.contains(name)) > 0 && hits(FilterBuilder.endsWith(name)) > 0
                && hits(FilterBuilder.containsAllValues(emails)) == 1
                && hits(FilterBuilder.or(FilterBuilder.equalTo(emails), FilterBuilder.equalTo(one.getUid()))) == 1
                && hits(FilterBuilder.lessThan(name)) + hits(FilterBuilder.greaterThanOrEqualTo(name)) == everybody
                && hits(FilterBuilder.greaterThan(name)) + hits(FilterBuilder.lessThanOrEqualTo(name)) == everybody);
        say("present", hits(FilterBuilder.present("displayName")));
        say("none", hits(FilterBuilder.and(FilterBuilder.equalTo(name), FilterBuilder.not(FilterBuilder.equalTo(name)))));
    }

    private int hits(final Filter filter) {
        AtomicInteger count = new AtomicInteger();
        facade.search(ACCOUNT, filter, found -> count.incrementAndGet() > 0, null);
        return count.get();
    }

    private void atOnce() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<Integer>> counts = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            counts.add(callers.submit(() -> hits(null)));
        }
        Set<Integer> found = new TreeSet<>();
        for (Future<Integer> count : counts) {
            found.add(count.get());
        }
        callers.shutdown();
        say("at once", found);
    }

    private void changes() {
        SyncToken token = facade.getLatestSyncToken(ACCOUNT);
        Map<String, Object> home = new LinkedHashMap<>();
        home.put("type", "work");
        home.put("country", "IT");
        home.put("locality", "Roma");
        Uid uid = facade.create(ACCOUNT, Set.of(
                new Name("java@example.com"),
                AttributeBuilder.build("displayName", "Java Dübel"),
                AttributeBuilder.build("firstName", "Java"),
                AttributeBuilder.build("addresses", home)), null);
        say("created", described(uid));
        say("resolved", facade.resolveUsername(ACCOUNT, "java@example.com", null).equals(uid));
        facade.update(ACCOUNT, uid, Set.of(AttributeBuilder.build("title", "Lead")), null);
        say("updated", described(uid));
        facade.addAttributeValues(ACCOUNT, uid, Set.of(AttributeBuilder.build("department", "Tea")), null);
        say("added", described(uid));
        facade.removeAttributeValues(ACCOUNT, uid, Set.of(AttributeBuilder.build("department", "Tea")), null);
        say("removed", described(uid));

        List<String> deltas = new ArrayList<>();
        SyncToken last = facade.sync(ACCOUNT, token, delta -> {
            deltas.add(delta.getDeltaType() + " " + delta.getUid().equals(uid) + " " + (delta.getObject() != null));
            return true;
        }, null);
        say("changes", deltas + " " + (last != null));
        facade.delete(ACCOUNT, uid, null);
        say("gone", facade.getObject(ACCOUNT, uid, null) == null);
        say("script", facade.runScriptOnConnector(new ScriptContextBuilder("python", "1 + arguments['who']")
                .addScriptArgument("who", 41).build(), null));
    }

    private String described(final Uid uid) {
        OperationOptions options = new OperationOptionsBuilder()
                .setAttributesToGet("displayName", "title", "department", "addresses").build();
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
        say("missing attribute", failing(() -> facade.create(ACCOUNT, Set.of(new Name("x@example.com")), null)));
    }

    static String failing(final Runnable operation) {
        try {
            operation.run();
            return "it worked";
        } catch (RemoteWrappedException error) {
            return error.getExceptionClass().replaceAll(".*\\.", "");
        } catch (RuntimeException error) {
            return error.getClass().getSimpleName();
        }
    }

    private static Set<String> names(final Set<? extends Class<?>> classes) {
        Set<String> found = new TreeSet<>();
        for (Class<?> each : classes) {
            found.add(each.getSimpleName());
        }
        return found;
    }

    static void say(final String word, final Object finding) {
        System.out.println("> " + word + "\t" + finding);
    }
}
