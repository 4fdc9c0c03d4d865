package example;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.forgerock.openicf.common.protobuf.RPCMessages.HandshakeMessage;
import org.forgerock.openicf.framework.ConnectorFramework;
import org.forgerock.openicf.framework.ConnectorFrameworkFactory;
import org.forgerock.openicf.framework.client.RemoteWSFrameworkConnectionInfo;
import org.forgerock.openicf.framework.remote.ConnectionPrincipal;
import org.forgerock.openicf.framework.remote.OpenICFServerAdapter;
import org.forgerock.openicf.framework.remote.ReferenceCountedObject;
import org.forgerock.openicf.framework.remote.RemoteServerConnectorInfoManager;
import org.forgerock.openicf.framework.remote.rpc.OperationMessageListener;
import org.forgerock.openicf.framework.remote.rpc.RemoteOperationContext;
import org.forgerock.openicf.framework.remote.rpc.WebSocketConnectionGroup;
import org.forgerock.openicf.framework.remote.rpc.WebSocketConnectionHolder;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.websockets.DataFrame;
import org.glassfish.grizzly.websockets.HandshakeException;
import org.glassfish.grizzly.websockets.ProtocolHandler;
import org.glassfish.grizzly.websockets.WebSocket;
import org.glassfish.grizzly.websockets.WebSocketAddOn;
import org.glassfish.grizzly.websockets.WebSocketApplication;
import org.glassfish.grizzly.websockets.WebSocketEngine;
import org.glassfish.grizzly.websockets.WebSocketListener;
import org.identityconnectors.framework.api.ConnectorInfo;
import org.identityconnectors.framework.api.ConnectorKey;

/** A platform that is called by a connector server: the log-in it wants, and the name of a system there. */
public final class Called {

    public static void main(final String[] args) throws Exception {
        ReferenceCountedObject<ConnectorFramework>.Reference held = new ConnectorFrameworkFactory().acquire();
        ConnectorFramework framework = held.get();
        RemoteServerConnectorInfoManager manager = framework.getServerManager("anonymous");
        HttpServer server = new HttpServer();
        NetworkListener listener = new NetworkListener("platform", "127.0.0.1", 0);
        server.addListener(listener);
        listener.registerAddOn(new WebSocketAddOn());
        WebSocketEngine.getEngine().register("", "/openicf", new Door(framework, manager, args[0]));
        server.start();
        Platform.say("port", listener.getPort());
        try {
            ConnectorInfo info = manager.findConnectorInfoAsync(
                    new ConnectorKey("webex-connector", "1.0", "webex_connector.ControlHub"))
                    .getOrThrow(60, TimeUnit.SECONDS);
            for (ConnectorInfo each : manager.getConnectorInfos()) {
                Platform.say("connector", each.getConnectorKey().getConnectorName() + " " + each.getConnectorDisplayName());
            }
            Platform.lives(info.createDefaultAPIConfiguration(), framework::newInstance, args[1]);
        } finally {
            server.shutdownNow();
            held.release();
            System.exit(0);
        }
    }

    /** Lets connector servers in, and hands what they say to the framework. */
    private static final class Door extends WebSocketApplication {

        private final Map<WebSocket, Socket> sockets = new ConcurrentHashMap<>();
        private final OperationMessageListener framework;
        private final Servers servers;
        private final String login;

        Door(final ConnectorFramework framework, final RemoteServerConnectorInfoManager manager, final String login) {
            this.framework = new OpenICFServerAdapter(framework, framework.getLocalManager(), false);
            this.servers = new Servers(this.framework, manager);
            this.login = login;
        }

        @Override
        public List<String> getSupportedProtocols(final List<String> offered) {
            return List.of(RemoteWSFrameworkConnectionInfo.OPENICF_PROTOCOL);
        }

        @Override
        public WebSocket createSocket(
                final ProtocolHandler handler, final HttpRequestPacket request, final WebSocketListener... listeners) {
            if (!login.equals(request.getHeader("Authorization"))) {
                throw new HandshakeException("another log-in is wanted");
            }
            return super.createSocket(handler, request, listeners);
        }

        @Override
        public void onConnect(final WebSocket socket) {
            super.onConnect(socket);
            sockets.put(socket, new Socket(socket, servers));
            framework.onConnect(sockets.get(socket));
        }

        @Override
        public void onMessage(final WebSocket socket, final byte[] content) {
            framework.onMessage(sockets.get(socket), content);
        }

        @Override
        public void onClose(final WebSocket socket, final DataFrame frame) {
            super.onClose(socket, frame);
            framework.onClose(sockets.remove(socket), 1000, "");
        }
    }

    /** Whoever has logged in. */
    private static final class Servers extends ConnectionPrincipal<Servers> {

        private final RemoteServerConnectorInfoManager manager;

        Servers(final OperationMessageListener framework, final RemoteServerConnectorInfoManager manager) {
            super(framework, new ConcurrentHashMap<>());
            this.manager = manager;
        }

        @Override
        protected void onNewWebSocketConnectionGroup(final WebSocketConnectionGroup group) {
            manager.addWebSocketConnectionGroup(group);
        }

        @Override
        protected void doClose() {
        }
    }

    /** One socket, as the framework sees it. */
    private static final class Socket extends WebSocketConnectionHolder {

        private final WebSocket socket;
        private final Servers servers;
        private RemoteOperationContext context;

        Socket(final WebSocket socket, final Servers servers) {
            this.socket = socket;
            this.servers = servers;
        }

        @Override
        protected void handshake(final HandshakeMessage message) {
            context = servers.handshake(this, message);
        }

        @Override
        public RemoteOperationContext getRemoteConnectionContext() {
            return context;
        }

        @Override
        public boolean isOperational() {
            return socket.isConnected();
        }

        @Override
        public Future<?> sendBytes(final byte[] content) {
            return socket.send(content);
        }

        @Override
        public Future<?> sendString(final String content) {
            return socket.send(content);
        }

        @Override
        public void sendPing(final byte[] content) {
            socket.sendPing(content);
        }

        @Override
        public void sendPong(final byte[] content) {
            socket.sendPong(content);
        }

        @Override
        protected void tryClose() {
            socket.close();
        }
    }

    private Called() {
    }
}
