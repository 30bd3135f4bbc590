import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Prints the changes of an archive, a line each, and goes on where it was when it is started again:
 *
 *     java -cp 'JARS/*' Consumer.java BROKERS TOPIC PLACE-FILE [GROUP]
 *
 * Needs the jars of org.apache.kafka:kafka-clients and com.fasterxml.jackson.core:jackson-databind.
 */
public class Consumer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path placeFile;
    private long last = 0;

    Consumer(Path placeFile) throws IOException {
        this.placeFile = placeFile;
        if (Files.exists(placeFile)) last = Long.parseLong(Files.readString(placeFile));
    }

    public static void main(String[] args) throws IOException {
        String topic = args[1];
        Consumer place = new Consumer(Path.of(args[2]));
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", args[0],
                "group.id", args.length > 3 ? args[3] : topic + ".example",
                // Kafka keeps the offset of a group, as a hint where to begin; without one: at the beginning
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "key.deserializer", StringDeserializer.class,
                "value.deserializer", StringDeserializer.class);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(topic));
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    place.handle(JSON.readTree(record.value()));
                }
            }
        }
    }

    private void handle(JsonNode change) throws IOException {
        long seq = change.get("Seq").asLong();
        // the offset of the group may be older than what was done
        if (seq <= last) return;
        if (seq > last + 1) {
            System.err.printf("Seq %d to %d are gone: compare with the archive%n", last + 1, seq - 1);
        }
        System.out.println(seq + " " + change.get("ChangeType").asText() + " " + change.get("ResourceType").asText() + " "
                + change.get("ID").asText());
        last = seq;
        // only now it is done; what it was done to should remember it in the same transaction
        Path changed = placeFile.resolveSibling(placeFile.getFileName() + ".new");
        Files.writeString(changed, Long.toString(last));
        Files.move(changed, placeFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
