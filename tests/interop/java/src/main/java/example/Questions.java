package example;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.identityconnectors.framework.api.ConnectorFacade;
import org.identityconnectors.framework.common.exceptions.ConnectorException;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.common.objects.AttributeBuilder;
import org.identityconnectors.framework.common.objects.ConnectorObject;
import org.identityconnectors.framework.common.objects.Name;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.OperationOptionsBuilder;
import org.identityconnectors.framework.common.objects.SearchResult;
import org.identityconnectors.framework.common.objects.SortKey;
import org.identityconnectors.framework.common.objects.filter.Filter;
import org.identityconnectors.framework.common.objects.filter.FilterBuilder;

/**
 * Searches by every filter, and by sorted pages. What each should bring, the framework says: its filters are run here on
 * all objects.
 */
final class Questions {

    private static final ObjectClass ACCOUNT = ObjectClass.ACCOUNT;

    private final ConnectorFacade facade;

    Questions(final ConnectorFacade facade) {
        this.facade = facade;
    }

    void ask() {
        List<ConnectorObject> everybody = found(null);
        ConnectorObject one = everybody.get(everybody.size() / 2);
        for (Map.Entry<String, Filter> each : filters(one).entrySet()) {
            Set<String> brought;
            try {
                brought = uids(found(each.getValue()));
            } catch (ConnectorException unsent) {
                // Some versions have a filter that they cannot send.
                if (each.getKey().equals("equalsIgnoreCase") && unsent.getMessage().startsWith("No serializer")) {
                    continue;
                }
                throw unsent;
            }
            Set<String> meant = new TreeSet<>();
            for (ConnectorObject object : everybody) {
                if (each.getValue().accept(object)) {
                    meant.add(object.getUid().getUidValue());
                }
            }
            Platform.say("filter", each.getKey() + (brought.equals(meant) && !meant.isEmpty()
                    ? "" : " brought " + brought.size() + ", not " + meant.size()));
        }
        List<String> names = new ArrayList<>();
        for (ConnectorObject each : everybody) {
            names.add(each.getName().getNameValue());
        }
        Collections.sort(names, Collections.reverseOrder());
        Platform.say("by cookie", names.equals(byCookie()));
        Platform.say("by offset", names.equals(byOffset(names.size())));
    }

    private Map<String, Filter> filters(final ConnectorObject one) {
        String address = one.getName().getNameValue();
        Attribute display = AttributeBuilder.build("displayName", one.getAttributeByName("displayName").getValue());
        Attribute emails = AttributeBuilder.build("emails", one.getAttributeByName("emails").getValue());
        Attribute moment = AttributeBuilder.build("created", one.getAttributeByName("created").getValue());
        Filter equal = FilterBuilder.equalTo(display);
        Filter least = FilterBuilder.lessThan(moment);
        Map<String, Filter> filters = new LinkedHashMap<>();
        filters.put("equalTo uid", FilterBuilder.equalTo(one.getUid()));
        filters.put("equalTo name", FilterBuilder.equalTo(one.getName()));
        filters.put("equalTo", equal);
        filters.put("equalTo list", FilterBuilder.equalTo(emails));
        filters.put("contains", FilterBuilder.contains(new Name(address.substring(1, 4))));
        filters.put("startsWith", FilterBuilder.startsWith(new Name(address.substring(0, 2))));
        filters.put("endsWith", FilterBuilder.endsWith(new Name(address.substring(address.indexOf('@') - 1))));
        filters.put("containsAllValues", FilterBuilder.containsAllValues(emails));
        filters.put("greaterThan", FilterBuilder.greaterThan(moment));
        filters.put("greaterThanOrEqualTo", FilterBuilder.greaterThanOrEqualTo(moment));
        filters.put("lessThan", least);
        filters.put("lessThanOrEqualTo", FilterBuilder.lessThanOrEqualTo(moment));
        filters.put("and", FilterBuilder.and(equal, FilterBuilder.equalTo(emails)));
        filters.put("or", FilterBuilder.or(equal, least));
        filters.put("not", FilterBuilder.not(equal));
        filters.put("nested", FilterBuilder.or(
                FilterBuilder.and(least, FilterBuilder.not(equal)), FilterBuilder.and(equal, FilterBuilder.not(least))));
        try {
            Method ignoringCase = FilterBuilder.class.getMethod("equalsIgnoreCase", Attribute.class);
            filters.put("equalsIgnoreCase", (Filter) ignoringCase.invoke(null, new Name(address)));
        } catch (ReflectiveOperationException older) {
            // Versions before 1.6 have no such filter.
        }
        return filters;
    }

    private List<ConnectorObject> found(final Filter filter) {
        List<ConnectorObject> all = new ArrayList<>();
        facade.search(ACCOUNT, filter, all::add, null);
        return all;
    }

    private static Set<String> uids(final List<ConnectorObject> objects) {
        Set<String> found = new TreeSet<>();
        for (ConnectorObject each : objects) {
            found.add(each.getUid().getUidValue());
        }
        return found;
    }

    private static OperationOptionsBuilder sorted() {
        return new OperationOptionsBuilder().setPageSize(150).setSortKeys(new SortKey(Name.NAME, false));
    }

    private List<String> byCookie() {
        List<String> names = new ArrayList<>();
        String cookie = null;
        do {
            OperationOptionsBuilder options = sorted();
            if (cookie != null) {
                options.setPagedResultsCookie(cookie);
            }
            SearchResult ended = facade.search(ACCOUNT, null, each -> names.add(each.getName().getNameValue()), options.build());
            cookie = ended.getPagedResultsCookie();
        } while (cookie != null);
        return names;
    }

    private List<String> byOffset(final int all) {
        List<String> names = new ArrayList<>();
        for (int offset = 1; offset <= all; offset += 150) {
            facade.search(ACCOUNT, null, each -> names.add(each.getName().getNameValue()),
                    sorted().setPagedResultsOffset(offset).build());
        }
        return names;
    }
}
