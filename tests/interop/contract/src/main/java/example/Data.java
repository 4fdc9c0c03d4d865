package example;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.identityconnectors.contract.data.DataProvider;
import org.identityconnectors.contract.exceptions.ObjectNotFoundException;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.spi.Configuration;

/** What the contract tests need to know of the connector: how new objects look, and how they are changed. */
public final class Data implements DataProvider {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static String lastName;

    private static final Map<String, Object> SUITE = Map.ofEntries(
            Map.entry("bundleName", "webex-connector"),
            Map.entry("bundleVersion", "1.0"),
            Map.entry("connectorName", "webex_connector.ControlHub"),
            Map.entry("Test.invalidConfig", List.of(Map.of("system", "nowhere"))),
            Map.entry("Validate.invalidConfig", List.of(Map.of("system", "nowhere"))),
            Map.entry("Schema.strictCheck", false),
            Map.entry("Schema.oclasses", List.of("__ACCOUNT__", "__GROUP__", "LICENSES", "ROLES")),
            Map.entry("Schema.attributes.__ACCOUNT__.oclasses", List.of("__NAME__", "displayName", "emails", "__ENABLE__")),
            Map.entry("Schema.attributes.__GROUP__.oclasses", List.of("__NAME__", "displayName", "members")),
            Map.entry("Schema.attributes.LICENSES.oclasses", List.of("__NAME__", "name")),
            Map.entry("Schema.attributes.ROLES.oclasses", List.of("__NAME__", "name")),
            Map.entry("Schema.operations", Map.of(
                    "CreateApiOp", List.of("__ACCOUNT__", "__GROUP__"),
                    "SearchApiOp", List.of("__ACCOUNT__", "__GROUP__", "LICENSES", "ROLES"))),
            // Webex keeps everybody in the one organisation, whatever is written.
            Map.entry("Update.updateToNullValue.skippedAttributes", List.of("orgId")),
            Map.entry("ScriptOnConnector.language", "python"),
            Map.entry("ScriptOnConnector.script", "arguments['a'] + arguments['b']"),
            Map.entry("ScriptOnConnector.arguments", Map.of("a", 40, "b", 2)),
            Map.entry("ScriptOnConnector.result", 42L));

    private static Object value(final String objectClass, final String attribute, final boolean modified) {
        String word = modified ? "Changed " : "New ";
        switch (objectClass + " " + attribute) {
            case "__ACCOUNT__ __NAME__":
                return "contract" + NUMBER.incrementAndGet() + "@acme.example";
            case "__ACCOUNT__ displayName":
            case "__ACCOUNT__ firstName":
            case "__ACCOUNT__ lastName":
            case "__ACCOUNT__ title":
            case "__ACCOUNT__ department":
            case "__GROUP__ __NAME__":
            case "__GROUP__ description":
                return word + NUMBER.incrementAndGet();
            case "__ACCOUNT__ addresses.work.country":
                return modified ? "DE" : "IT";
            case "__ACCOUNT__ addresses.work.locality":
                return word + NUMBER.incrementAndGet();
            // A number of another kind would need a licence for calling.
            case "__ACCOUNT__ phoneNumbers.mobile":
                return List.of("+4930" + (1_000_000 + NUMBER.incrementAndGet()));
            default:
                throw new ObjectNotFoundException(objectClass + "." + attribute);
        }
    }

    @Override
    public Object get(
            final Class<?> type, final String name, final String component, final int number, final boolean many) {
        int dot = name.indexOf('.');
        String rest = name.substring(dot + 1);
        boolean modified = rest.startsWith("modified.") || rest.startsWith("added.");
        String attribute = modified ? rest.substring(rest.indexOf('.') + 1) : rest;
        Object found = value(name.substring(0, dot), attribute, modified);
        if (attribute.equals("__NAME__")) {
            lastName = (String) found;
        }
        return found;
    }

    @Override
    public Object get(final Class<?> type, final String name, final String component) {
        return get(type, name, component, -1, false);
    }

    @Override
    public String getString(final String name, final String component, final int number) {
        return (String) get(String.class, name, component, number, false);
    }

    @Override
    public String getString(final String name, final String component) {
        return (String) get(String.class, name, component);
    }

    @Override
    public Object getConnectorAttribute(final String name) {
        if (name.equals("system")) {
            return "webex";
        }
        throw new ObjectNotFoundException(name);
    }

    @Override
    public Object getTestSuiteAttribute(final String name) {
        // Where a name is looked up, it is that of the object just made.
        Object found = name.endsWith(".username") ? lastName : SUITE.get(name);
        if (found == null) {
            throw new ObjectNotFoundException(name);
        }
        return found;
    }

    @Override
    public Object getTestSuiteAttribute(final String name, final String test) {
        return getTestSuiteAttribute(test + "." + name);
    }

    @Override
    public Object get(final String name) {
        throw new ObjectNotFoundException(name);
    }

    @Override
    public Object get(final String name, final int number) {
        throw new ObjectNotFoundException(name);
    }

    @Override
    public Object generate(final String pattern, final Class<?> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object generate(final String pattern) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void loadConfiguration(final String name, final Configuration configuration) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<Attribute> getAttributeSet(final String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void dispose() {
        // Nothing is kept.
    }
}
