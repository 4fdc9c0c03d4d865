package example;

import org.identityconnectors.framework.spi.AbstractConfiguration;
import org.identityconnectors.framework.spi.ConfigurationProperty;

/** How many people there are. */
public final class Configured extends AbstractConfiguration {

    private long people;

    @ConfigurationProperty(order = 1)
    public long getPeople() {
        return people;
    }

    public void setPeople(final long people) {
        this.people = people;
    }

    @Override
    public void validate() {
        // Any number will do.
    }
}
