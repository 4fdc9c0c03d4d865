package example;

import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.forgerock.openicf.framework.ConnectorFramework;
import org.forgerock.openicf.framework.ConnectorFrameworkFactory;
import org.forgerock.openicf.framework.async.AsyncConnectorInfoManager;
import org.forgerock.openicf.framework.client.RemoteWSFrameworkConnectionInfo;
import org.forgerock.openicf.framework.remote.ReferenceCountedObject;
import org.identityconnectors.common.security.GuardedString;
import org.identityconnectors.framework.api.ConnectorInfo;
import org.identityconnectors.framework.api.ConnectorKey;

/** A platform that calls a connector server: its address, the key, and the name of a system there. */
public final class Calling {

    public static void main(final String[] args) throws Exception {
        RemoteWSFrameworkConnectionInfo server = RemoteWSFrameworkConnectionInfo.newBuilder()
                .setRemoteURI(URI.create(args[0])).setPrincipal("anonymous")
                .setPassword(new GuardedString(args[1].toCharArray())).build();
        // What nobody refers to is collected, and closes the framework.
        ReferenceCountedObject<ConnectorFramework>.Reference held = new ConnectorFrameworkFactory().acquire();
        ConnectorFramework framework = held.get();
        try {
            AsyncConnectorInfoManager manager = framework.getRemoteManager(server);
            ConnectorInfo info;
            try {
                info = manager.findConnectorInfoAsync(
                        new ConnectorKey("webex-connector", "1.0", "webex_connector.ControlHub"))
                        .getOrThrow(15, TimeUnit.SECONDS);
            } catch (Exception refused) {
                Platform.say("refused", refused.getClass().getSimpleName());
                return;
            }
            for (ConnectorInfo each : manager.getConnectorInfos()) {
                Platform.say("connector", each.getConnectorKey().getConnectorName() + " " + each.getConnectorDisplayName());
            }
            Platform.lives(info.createDefaultAPIConfiguration(), framework::newInstance, args[2]);
        } finally {
            held.release();
            System.exit(0);
        }
    }

    private Calling() {
    }
}
