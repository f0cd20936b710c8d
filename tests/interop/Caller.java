import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Sends one request as Java's HTTP client does by default: method, URL, body, then pairs of header name and value. */
public class Caller {
    public static void main(String[] arguments) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(arguments[1]));
        for (int i = 3; i < arguments.length; i += 2) {
            request.header(arguments[i], arguments[i + 1]);
        }
        byte[] body = arguments[2].getBytes(StandardCharsets.UTF_8);
        request.method(arguments[0], HttpRequest.BodyPublishers.ofByteArray(body));
        HttpClient client = HttpClient.newHttpClient();
        for (int call = 0; call < 2; call++) {  // the second one on the same connection
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            System.out.println(response.statusCode() + " " + response.body().replaceAll("\\s+", " "));
        }
    }
}
