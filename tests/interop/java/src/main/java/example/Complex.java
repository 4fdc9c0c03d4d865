package example;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.identityconnectors.framework.api.ConnectorFacade;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.common.objects.AttributeBuilder;
import org.identityconnectors.framework.common.objects.AttributeInfo;
import org.identityconnectors.framework.common.objects.Name;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.OperationOptionsBuilder;
import org.identityconnectors.framework.common.objects.Uid;
import org.identityconnectors.framework.common.objects.filter.FilterBuilder;

/** Complex values in both directions: as maps where the server tells maps, else under flattened names. */
final class Complex {

    private static final ObjectClass ACCOUNT = ObjectClass.ACCOUNT;
    private static final ObjectClass GROUP = ObjectClass.GROUP;

    private final ConnectorFacade facade;

    Complex(final ConnectorFacade facade) {
        this.facade = facade;
    }

    void live() {
        boolean maps = false;
        for (AttributeInfo each : facade.schema().findObjectClassInfo("__ACCOUNT__").getAttributeInfo()) {
            maps = maps || each.is("addresses") && each.getType() == Map.class;
        }
        Platform.say("complex", maps ? "maps" : "flattened");
        Attribute first = maps
                ? AttributeBuilder.build("addresses", Map.of("type", "work", "country", "IT", "locality", "Roma"))
                : AttributeBuilder.build("addresses.work.country", "IT");
        Uid uid = facade.create(ACCOUNT, Set.of(new Name("complex@example.com"),
                AttributeBuilder.build("displayName", "Complex"), first), null);
        Platform.say("complex created", seen(ACCOUNT, uid, "addresses", "addresses.work.country"));
        Attribute second = maps
                ? AttributeBuilder.build("addresses", Map.of("type", "work", "country", "DE", "locality", "Köln"))
                : AttributeBuilder.build("addresses.work.locality", "Köln");
        facade.update(ACCOUNT, uid, Set.of(second), null);
        Platform.say("complex updated", seen(ACCOUNT, uid, "addresses", "addresses.work.country", "addresses.work.locality"));
        if (!maps) {
            List<String> found = new ArrayList<>();
            facade.search(ACCOUNT, FilterBuilder.equalTo(second), each -> found.add(each.getName().getNameValue()), null);
            Platform.say("complex found", found);
        }

        Object member = maps ? Map.of("id", uid.getUidValue()) : uid.getUidValue();
        Uid group = facade.create(GROUP, Set.of(new Name("Complex group"), AttributeBuilder.build("members", member)), null);
        Platform.say("members", seen(GROUP, group, "members").replace(uid.getUidValue(), "MEMBER"));
        facade.removeAttributeValues(GROUP, group, Set.of(AttributeBuilder.build("members", member)), null);
        Platform.say("members removed", seen(GROUP, group, "members"));
        facade.delete(GROUP, group, null);

        Uid tried = facade.create(ACCOUNT, Set.of(new Name("dry@example.com"), AttributeBuilder.build("displayName", "Dry")),
                new OperationOptionsBuilder().setOption("DRY_RUN", true).build());
        facade.delete(ACCOUNT, uid, new OperationOptionsBuilder().setOption("DRY_RUN", true).build());
        Platform.say("dry", (tried == null) + " " + (facade.getObject(ACCOUNT, uid, null) != null));
        facade.delete(ACCOUNT, uid, null);
    }

    private String seen(final ObjectClass objectClass, final Uid uid, final String... names) {
        Set<String> known = new TreeSet<>();
        for (AttributeInfo each : facade.schema().findObjectClassInfo(objectClass.getObjectClassValue()).getAttributeInfo()) {
            known.add(each.getName());
        }
        List<String> asked = new ArrayList<>(List.of(names));
        asked.retainAll(known);
        TreeMap<String, Object> found = new TreeMap<>();
        for (Attribute each : facade.getObject(
                objectClass, uid, new OperationOptionsBuilder().setAttributesToGet(asked).build()).getAttributes()) {
            if (asked.contains(each.getName())) {
                found.put(each.getName(), ordered(each.getValue()));
            }
        }
        return found.toString();
    }

    private static List<Object> ordered(final List<Object> values) {
        List<Object> found = new ArrayList<>();
        for (Object each : values) {
            found.add(each instanceof Map<?, ?> ? new TreeMap<Object, Object>((Map<?, ?>) each) : each);
        }
        return found;
    }
}
