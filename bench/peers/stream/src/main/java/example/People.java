package example;

import java.util.List;
import org.identityconnectors.framework.common.objects.AttributeBuilder;
import org.identityconnectors.framework.common.objects.AttributeInfo.Flags;
import org.identityconnectors.framework.common.objects.AttributeInfoBuilder;
import org.identityconnectors.framework.common.objects.ConnectorObject;
import org.identityconnectors.framework.common.objects.ConnectorObjectBuilder;
import org.identityconnectors.framework.common.objects.Name;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.ObjectClassInfoBuilder;
import org.identityconnectors.framework.common.objects.OperationOptions;
import org.identityconnectors.framework.common.objects.OperationalAttributes;
import org.identityconnectors.framework.common.objects.ResultsHandler;
import org.identityconnectors.framework.common.objects.Schema;
import org.identityconnectors.framework.common.objects.SchemaBuilder;
import org.identityconnectors.framework.common.objects.Uid;
import org.identityconnectors.framework.common.objects.filter.FilterTranslator;
import org.identityconnectors.framework.spi.Configuration;
import org.identityconnectors.framework.spi.Connector;
import org.identityconnectors.framework.spi.ConnectorClass;
import org.identityconnectors.framework.spi.operations.SchemaOp;
import org.identityconnectors.framework.spi.operations.SearchOp;

/** Makes people up as they are asked for; remote_stream.py makes the same ones. */
@ConnectorClass(displayNameKey = "people.display", configurationClass = Configured.class)
public final class People implements Connector, SchemaOp, SearchOp<String> {

    private static final String ID = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8";

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
    public Schema schema() {
        ObjectClassInfoBuilder account = new ObjectClassInfoBuilder().setType(ObjectClass.ACCOUNT_NAME)
                .addAttributeInfo(AttributeInfoBuilder.build(OperationalAttributes.ENABLE_NAME, Boolean.class));
        for (String each : List.of("firstName", "lastName", "displayName", "department", "title", "locationId", "orgId",
                "lastModified")) {
            account.addAttributeInfo(AttributeInfoBuilder.build(each));
        }
        for (String each : List.of("emails", "licenses", "roles")) {
            account.addAttributeInfo(AttributeInfoBuilder.build(each, String.class, java.util.Set.of(Flags.MULTIVALUED)));
        }
        account.addAttributeInfo(AttributeInfoBuilder.build(Name.NAME));
        SchemaBuilder schema = new SchemaBuilder(People.class);
        schema.defineObjectClass(account.build());
        return schema.build();
    }

    @Override
    public FilterTranslator<String> createFilterTranslator(final ObjectClass objectClass, final OperationOptions options) {
        return filter -> List.of();
    }

    @Override
    public void executeQuery(
            final ObjectClass objectClass, final String query, final ResultsHandler handler, final OperationOptions options) {
        for (long number = 0; number < configured.getPeople(); number++) {
            if (!handler.handle(person(number))) {
                return;
            }
        }
    }

    private static ConnectorObject person(final long number) {
        String mail = "person" + number + "@example.com";
        String id = String.valueOf(number);
        return new ConnectorObjectBuilder().setObjectClass(ObjectClass.ACCOUNT)
                .setUid(new Uid(ID + "0".repeat(48 - id.length()) + id))
                .setName(mail)
                .addAttribute(AttributeBuilder.build("emails", mail))
                .addAttribute(AttributeBuilder.build("firstName", "First" + number))
                .addAttribute(AttributeBuilder.build("lastName", "Last" + number))
                .addAttribute(AttributeBuilder.build("displayName", "First" + number + " Last" + number))
                .addAttribute(AttributeBuilder.build("department", "Department " + number % 40))
                .addAttribute(AttributeBuilder.build("title", "Engineer"))
                .addAttribute(AttributeBuilder.build("locationId", ID + "location" + number % 9))
                .addAttribute(AttributeBuilder.build("orgId", ID + "organization"))
                .addAttribute(AttributeBuilder.build("licenses", ID + "calling", ID + "meetings", ID + "messaging"))
                .addAttribute(AttributeBuilder.build("roles", ID + "role"))
                .addAttribute(AttributeBuilder.build("lastModified", "2026-01-02T03:04:05.006Z"))
                .addAttribute(AttributeBuilder.buildEnabled(number % 10 != 0))
                .build();
    }
}
