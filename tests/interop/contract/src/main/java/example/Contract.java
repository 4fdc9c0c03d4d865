package example;

import java.util.stream.Stream;
import org.identityconnectors.contract.test.AttributeTests;
import org.identityconnectors.contract.test.AuthenticationApiOpTests;
import org.identityconnectors.contract.test.ConfigurationTests;
import org.identityconnectors.contract.test.CreateApiOpTests;
import org.identityconnectors.contract.test.DeleteApiOpTests;
import org.identityconnectors.contract.test.DiscoverConfigurationApiOpTests;
import org.identityconnectors.contract.test.GetApiOpTests;
import org.identityconnectors.contract.test.MultiOpTests;
import org.identityconnectors.contract.test.ResolveUsernameApiOpTests;
import org.identityconnectors.contract.test.SchemaApiOpTests;
import org.identityconnectors.contract.test.ScriptOnConnectorApiOpTests;
import org.identityconnectors.contract.test.ScriptOnResourceApiOpTests;
import org.identityconnectors.contract.test.SearchApiOpTests;
import org.identityconnectors.contract.test.SyncApiOpTests;
import org.identityconnectors.contract.test.TestApiOpTests;
import org.identityconnectors.contract.test.UpdateApiOpTests;
import org.identityconnectors.contract.test.UpdateDeltaApiOpTests;
import org.identityconnectors.contract.test.ValidateApiOpTests;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the published contract tests and prints how each one ended: a mark, the test, a tab, and its end.
 *
 * <p>The published source of arguments hands all object classes over as one argument, so that no test with arguments ever
 * runs. The classes here are the tests as they are, with another source in its place.
 */
public final class Contract {

    private static final String[] CLASSES = {"__ACCOUNT__", "__GROUP__", "LICENSES", "ROLES", "NONEXISTING"};

    private Contract() {
    }

    static Stream<Arguments> each() {
        return Stream.of(CLASSES).map(name -> Arguments.of(new ObjectClass(name)));
    }

    public static class Attributes extends AttributeTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Authentication extends AuthenticationApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Create extends CreateApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Delete extends DeleteApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Get extends GetApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Multi extends MultiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Resolve extends ResolveUsernameApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Search extends SearchApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Sync extends SyncApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class Update extends UpdateApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static class UpdateDelta extends UpdateDeltaApiOpTests {
        protected static Stream<Arguments> objectClasses() { return each(); }
    }

    public static void main(final String[] args) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(
                Stream.of(
                        ConfigurationTests.class, SchemaApiOpTests.class, TestApiOpTests.class, ValidateApiOpTests.class,
                        DiscoverConfigurationApiOpTests.class, ScriptOnConnectorApiOpTests.class,
                        ScriptOnResourceApiOpTests.class, Attributes.class, Authentication.class, Create.class, Delete.class,
                        Get.class, Multi.class, Resolve.class, Search.class, Sync.class, Update.class, UpdateDelta.class)
                        .map(DiscoverySelectors::selectClass).toArray(org.junit.platform.engine.DiscoverySelector[]::new))
                .build();
        LauncherFactory.create().execute(request, new Told());
    }

    /** Prints the end of each test. */
    private static final class Told implements TestExecutionListener {

        @Override
        public void executionFinished(final TestIdentifier test, final TestExecutionResult result) {
            boolean container = !test.isTest();
            if (container && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                return;
            }
            String where = test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast)
                    .map(source -> simple(source.getClassName()) + "." + source.getMethodName())
                    .orElse(test.getDisplayName());
            String argument = test.getDisplayName().replaceAll(".*ObjectClass: ", "").replaceAll("\\[.*\\] ", "");
            String name = test.getDisplayName().startsWith("[") ? where + " " + argument : where;
            System.out.println("> " + name + "\t" + result.getThrowable().map(Told::reason).orElse("passed"));
        }

        @Override
        public void executionSkipped(final TestIdentifier test, final String reason) {
            System.out.println("> " + test.getDisplayName() + "\tskipped " + reason);
        }

        private static String reason(final Throwable failure) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return "failed " + cause.getClass().getSimpleName() + ": " + String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        }

        private static String simple(final String name) {
            return name.replaceAll(".*[.$]", "");
        }
    }
}
