package example;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.identityconnectors.common.security.GuardedString;
import org.identityconnectors.framework.api.APIConfiguration;
import org.identityconnectors.framework.api.ConnectorFacade;
import org.identityconnectors.framework.api.ConnectorFacadeFactory;
import org.identityconnectors.framework.api.ConnectorInfoManagerFactory;
import org.identityconnectors.framework.api.RemoteFrameworkConnectionInfo;
import org.identityconnectors.framework.api.ResultsHandlerConfiguration;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.common.objects.ConnectorObject;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.OperationOptionsBuilder;

/** For each line of input, a port and a number of people: takes so many from there, and prints what it took. */
public final class Client {

    private long seen;
    private long sum;

    public static void main(final String[] args) throws Exception {
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            String[] words = line.split(" ");
            new Client().take(args[0], Integer.parseInt(words[0]), Long.parseLong(words[1]));
        }
    }

    private void take(final String key, final int port, final long people) {
        RemoteFrameworkConnectionInfo server = new RemoteFrameworkConnectionInfo(
                "127.0.0.1", port, new GuardedString(key.toCharArray()), false, new ArrayList<>(), 0);
        APIConfiguration configuration = ConnectorInfoManagerFactory.getInstance().getRemoteManager(server)
                .getConnectorInfos().get(0).createDefaultAPIConfiguration();
        configuration.getConfigurationProperties().getProperty("people").setValue(people);
        configuration.setProducerBufferSize(0);
        ResultsHandlerConfiguration handlers = configuration.getResultsHandlerConfiguration();
        handlers.setEnableNormalizingResultsHandler(false);
        handlers.setEnableFilteredResultsHandler(false);
        handlers.setEnableAttributesToGetSearchResultsHandler(false);
        ConnectorFacade facade = ConnectorFacadeFactory.getInstance().newInstance(configuration);
        long began = System.nanoTime();
        facade.search(ObjectClass.ACCOUNT, null, this::handle, new OperationOptionsBuilder().build());
        System.out.println("> " + (System.nanoTime() - began) + " " + seen + " " + sum);
    }

    private boolean handle(final ConnectorObject found) {
        seen++;
        sum += found.getName().getNameValue().length();
        for (Attribute each : found.getAttributes()) {
            sum += each.getName().length();
            for (Object value : each.getValue()) {
                sum += String.valueOf(value).length();
            }
        }
        return true;
    }
}
