package example;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.identityconnectors.common.security.SecurityUtil;
import org.identityconnectors.framework.server.ConnectorServer;
import org.identityconnectors.framework.server.impl.ConnectionProcessor;

/**
 * The connector server as it is, and beside it the same server on sockets that do not wait for acknowledgements. Prints
 * both ports; ends with its input.
 */
public final class Server {

    private Server() {
    }

    public static void main(final String[] args) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ConnectorServer server = ConnectorServer.newInstance();
        server.setPort(port);
        server.setIfAddress(InetAddress.getLoopbackAddress());
        server.setKeyHash(SecurityUtil.computeBase64SHA1Hash(args[0].toCharArray()));
        server.setBundleURLs(List.of(Path.of(args[1]).toUri().toURL()));
        server.setBundleParentClassLoader(Server.class.getClassLoader());
        server.start();
        ServerSocket prompt = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(() -> accept(server, prompt));
        accepting.setDaemon(true);
        accepting.start();
        System.out.println("> " + port + " " + prompt.getLocalPort());
        System.in.read();
        server.stop();
    }

    private static void accept(final ConnectorServer server, final ServerSocket prompt) {
        try {
            while (true) {
                Socket accepted = prompt.accept();
                accepted.setTcpNoDelay(true);
                Thread serving = new Thread(new ConnectionProcessor(server, accepted));
                serving.setDaemon(true);
                serving.start();
            }
        } catch (java.io.IOException closed) {
            throw new IllegalStateException(closed);
        }
    }
}
