package example;

import java.net.URI;
import org.identityconnectors.common.security.GuardedString;
import org.identityconnectors.framework.common.exceptions.ConfigurationException;
import org.identityconnectors.framework.spi.AbstractConfiguration;
import org.identityconnectors.framework.spi.ConfigurationProperty;

/** A property of each kind that a person may be asked for. */
public final class Configured extends AbstractConfiguration {

    private String title = "Notes";
    private GuardedString password;
    private int most = 10;
    private long age = 5L;
    private boolean broken;
    private double share = 0.5;
    private char mark = '*';
    private String[] tags = {"a", "b"};
    private URI place;

    @ConfigurationProperty(order = 1, required = true)
    public String getTitle() { return title; }

    public void setTitle(final String value) { title = value; }

    @ConfigurationProperty(order = 2, confidential = true)
    public GuardedString getPassword() { return password; }

    public void setPassword(final GuardedString value) { password = value; }

    @ConfigurationProperty(order = 3)
    public int getMost() { return most; }

    public void setMost(final int value) { most = value; }

    @ConfigurationProperty(order = 4)
    public long getAge() { return age; }

    public void setAge(final long value) { age = value; }

    @ConfigurationProperty(order = 5)
    public boolean isBroken() { return broken; }

    public void setBroken(final boolean value) { broken = value; }

    @ConfigurationProperty(order = 6)
    public double getShare() { return share; }

    public void setShare(final double value) { share = value; }

    @ConfigurationProperty(order = 7)
    public char getMark() { return mark; }

    public void setMark(final char value) { mark = value; }

    @ConfigurationProperty(order = 8)
    public String[] getTags() { return tags; }

    public void setTags(final String[] value) { tags = value; }

    @ConfigurationProperty(order = 9)
    public URI getPlace() { return place; }

    public void setPlace(final URI value) { place = value; }

    @Override
    public void validate() {
        if (password == null) {
            throw new ConfigurationException("a password is needed");
        }
    }
}
