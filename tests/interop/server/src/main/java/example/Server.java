package example;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.identityconnectors.common.security.SecurityUtil;
import org.identityconnectors.framework.server.ConnectorServer;

/** Serves the notes until its input ends; prints its port. */
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
        System.out.println(port);
        System.in.read();
        server.stop();
    }
}
