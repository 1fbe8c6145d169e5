package recordreader;

import dev.carryover.codec.CarryoverCodec;
import java.util.Map;
import java.util.TreeMap;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Prints the fields of a session's record, with the classes of their values. */
public final class RecordReader {

  /** The line before the fields. */
  public static final String BEGIN = "fields:";

  private RecordReader() {}

  /**
   * Prints a record.
   *
   * @param args the URL of Redis and the record's key
   */
  public static void main(String[] args) {
    Config config = new Config();
    config
        .useSingleServer()
        .setAddress(args[0])
        .setConnectionMinimumIdleSize(1)
        .setConnectionPoolSize(1);
    RedissonClient redisson = Redisson.create(config);
    try {
      CarryoverCodec codec = new CarryoverCodec(RecordReader.class.getClassLoader());
      Map<String, Object> record = redisson.getMap(args[1], codec);
      System.out.println(BEGIN);
      new TreeMap<>(record)
          .forEach(
              (field, value) ->
                  System.out.println(field + " " + value.getClass().getSimpleName() + " " + value));
      System.out.println("one: " + record.get("cart"));
    } finally {
      redisson.shutdown();
    }
  }
}
