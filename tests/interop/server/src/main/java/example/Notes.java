package example;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.identityconnectors.framework.common.exceptions.AlreadyExistsException;
import org.identityconnectors.framework.common.exceptions.ConnectionFailedException;
import org.identityconnectors.framework.common.exceptions.UnknownUidException;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.common.objects.AttributeInfo.Flags;
import org.identityconnectors.framework.common.objects.AttributeInfoBuilder;
import org.identityconnectors.framework.common.objects.AttributeUtil;
import org.identityconnectors.framework.common.objects.ConnectorObjectBuilder;
import org.identityconnectors.framework.common.objects.Name;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.ObjectClassInfoBuilder;
import org.identityconnectors.framework.common.objects.OperationOptions;
import org.identityconnectors.framework.common.objects.ResultsHandler;
import org.identityconnectors.framework.common.objects.Schema;
import org.identityconnectors.framework.common.objects.SchemaBuilder;
import org.identityconnectors.framework.common.objects.SyncDeltaBuilder;
import org.identityconnectors.framework.common.objects.SyncDeltaType;
import org.identityconnectors.framework.common.objects.SyncResultsHandler;
import org.identityconnectors.framework.common.objects.SyncToken;
import org.identityconnectors.framework.common.objects.Uid;
import org.identityconnectors.framework.common.objects.filter.FilterTranslator;
import org.identityconnectors.framework.spi.Configuration;
import org.identityconnectors.framework.spi.Connector;
import org.identityconnectors.framework.spi.ConnectorClass;
import org.identityconnectors.framework.spi.operations.CreateOp;
import org.identityconnectors.framework.spi.operations.DeleteOp;
import org.identityconnectors.framework.spi.operations.SchemaOp;
import org.identityconnectors.framework.spi.operations.SearchOp;
import org.identityconnectors.framework.spi.operations.SyncOp;
import org.identityconnectors.framework.spi.operations.TestOp;
import org.identityconnectors.framework.spi.operations.UpdateOp;

/** Notes in memory. Filters, and adding and removing values, it leaves to the framework. */
@ConnectorClass(displayNameKey = "notes.display", configurationClass = Configured.class, messageCatalogPaths = "example/Messages")
public final class Notes
        implements Connector, SchemaOp, TestOp, CreateOp, UpdateOp, DeleteOp, SearchOp<String>, SyncOp {

    private static final Map<String, Map<String, Attribute>> NOTES = new TreeMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Configured configured;

    @Override
    public Configuration getConfiguration() {
        return configured;
    }

    @Override
    public void init(final Configuration given) {
        configured = (Configured) given;
    }

    @Override
    public void dispose() {
        // Nothing is kept open.
    }

    @Override
    public void test() {
        if (configured.isBroken()) {
            throw new ConnectionFailedException("The drawer " + configured.getTitle() + " is stuck");
        }
    }

    @Override
    public Schema schema() {
        SchemaBuilder schema = new SchemaBuilder(Notes.class);
        schema.defineObjectClass(new ObjectClassInfoBuilder().setType("NOTE")
                .addAttributeInfo(AttributeInfoBuilder.build(Name.NAME, String.class, Set.of(Flags.REQUIRED)))
                .addAttributeInfo(AttributeInfoBuilder.build("text"))
                .addAttributeInfo(AttributeInfoBuilder.build("tags", String.class, Set.of(Flags.MULTIVALUED)))
                .addAttributeInfo(AttributeInfoBuilder.build("pages", Integer.class))
                .addAttributeInfo(AttributeInfoBuilder.build("size", Long.class))
                .addAttributeInfo(AttributeInfoBuilder.build("done", Boolean.class)).build());
        return schema.build();
    }

    @Override
    public Uid create(final ObjectClass objectClass, final Set<Attribute> attributes, final OperationOptions options) {
        String name = AttributeUtil.getNameFromAttributes(attributes).getNameValue();
        for (Map<String, Attribute> each : NOTES.values()) {
            if (each.get(Name.NAME).getValue().contains(name)) {
                throw new AlreadyExistsException("There is a note " + name);
            }
        }
        String uid = "n" + NUMBER.incrementAndGet();
        NOTES.put(uid, new TreeMap<>(AttributeUtil.toMap(attributes)));
        return new Uid(uid);
    }

    @Override
    public Uid update(
            final ObjectClass objectClass, final Uid uid, final Set<Attribute> attributes, final OperationOptions options) {
        note(uid).putAll(AttributeUtil.toMap(attributes));
        NUMBER.incrementAndGet();
        return uid;
    }

    @Override
    public void delete(final ObjectClass objectClass, final Uid uid, final OperationOptions options) {
        note(uid);
        NOTES.remove(uid.getUidValue());
    }

    private static Map<String, Attribute> note(final Uid uid) {
        Map<String, Attribute> found = NOTES.get(uid.getUidValue());
        if (found == null) {
            throw new UnknownUidException("There is no note " + uid.getUidValue());
        }
        return found;
    }

    @Override
    public FilterTranslator<String> createFilterTranslator(final ObjectClass objectClass, final OperationOptions options) {
        return filter -> java.util.List.of();
    }

    @Override
    public void executeQuery(
            final ObjectClass objectClass, final String query, final ResultsHandler handler, final OperationOptions options) {
        for (Map.Entry<String, Map<String, Attribute>> each : NOTES.entrySet()) {
            if (!handler.handle(told(each.getKey(), each.getValue()).build())) {
                return;
            }
        }
    }

    private static ConnectorObjectBuilder told(final String uid, final Map<String, Attribute> note) {
        return new ConnectorObjectBuilder().setObjectClass(new ObjectClass("NOTE")).setUid(uid)
                .addAttributes(note.values());
    }

    @Override
    public void sync(
            final ObjectClass objectClass, final SyncToken token, final SyncResultsHandler handler,
            final OperationOptions options) {
        int after = token == null ? 0 : (Integer) token.getValue();
        for (Map.Entry<String, Map<String, Attribute>> each : NOTES.entrySet()) {
            int number = Integer.parseInt(each.getKey().substring(1));
            if (number > after) {
                handler.handle(new SyncDeltaBuilder().setDeltaType(SyncDeltaType.CREATE_OR_UPDATE)
                        .setToken(new SyncToken(number)).setObject(told(each.getKey(), each.getValue()).build()).build());
            }
        }
    }

    @Override
    public SyncToken getLatestSyncToken(final ObjectClass objectClass) {
        return new SyncToken(NUMBER.get());
    }
}
