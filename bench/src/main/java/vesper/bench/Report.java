package vesper.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The results of a run, for people and for programs.
record Report(List<Measurement> measurements) {
  private record Mark(
      String text, String variant, String against, int inFlight, double least, boolean latency) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark(
              "stubs over NATS by raw request(), calls/s", "stubs", "raw-request", 128, 1.1, false),
          new Mark("stubs over NATS by grpc-java, calls/s", "stubs", "grpc", 128, 1.0, false),
          new Mark(
              "product path by grpc-java with the same interceptors, calls/s",
              "product",
              "grpc-product",
              128,
              .9,
              false),
          new Mark(
              "JSON through the gateway by its HTTP engine alone, calls/s",
              "gateway-json",
              "plain-json",
              128,
              .35,
              false),
          new Mark("stubs over NATS by raw request(), p50", "stubs", "raw-request", 1, 1.15, true),
          new Mark(
              "tokens over NATS by grpc-java, tokens/s",
              "tokens-nats",
              "tokens-grpc",
              64,
              1.2,
              false));

  void printTable(PrintWriter out) {
    out.printf(
        "%-14s %9s %12s %12s %12s %8s %8s%n",
        "variant", "in flight", "per second", "p50 µs", "p99 µs", "ratio", "spread");
    for (Measurement one : measurements) {
      out.printf(
          "%-14s %9d %,12.0f %,12.1f %,12.1f %8.2f %8.2f%n",
          one.variant().name(),
          one.inFlight(),
          one.perSecond(),
          one.p50Micros(),
          one.p99Micros(),
          ratio(one),
          one.spread());
    }
    out.println();
    out.println(
        "ratio: throughput by raw-request, of streams by tokens-grpc; median of the rounds' ratios");
    out.println("spread: (highest − lowest) throughput of the rounds by their median");
    out.println();
    for (Mark mark : MARKS) {
      Optional<Measurement> ours = find(mark.variant(), mark.inFlight());
      Optional<Measurement> theirs = find(mark.against(), mark.inFlight());
      if (ours.isPresent() && theirs.isPresent()) {
        double value =
            mark.latency()
                ? ours.get().p50Micros() / theirs.get().p50Micros()
                : ours.get().ratioTo(theirs.get());
        boolean reached = mark.latency() ? value <= mark.least() : value >= mark.least();
        out.printf(
            "%-11s %s at %d in flight: %.2f (%s %.2f)%n",
            reached ? "reached" : "NOT REACHED",
            mark.text(),
            mark.inFlight(),
            value,
            mark.latency() ? "at most" : "at least",
            mark.least());
      }
    }
    find("in-process", 1)
        .ifPresent(one ->
            out.printf(
                "%-11s in-process p50 at 1 in flight: %.2f µs (at most 5.00)%n",
                one.p50Micros() <= 5 ? "reached" : "NOT REACHED", one.p50Micros()));
  }

  void printJson(PrintWriter out) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode array = mapper.createArrayNode();
    for (Measurement one : measurements) {
      array
          .addObject()
          .put("variant", one.variant().name())
          .put("inFlight", one.inFlight())
          .put("perSecond", Math.round(one.perSecond()))
          .put("p50Micros", round(one.p50Micros()))
          .put("p99Micros", round(one.p99Micros()))
          .put("ratioToRaw", round(ratio(one)))
          .put("spread", round(one.spread()));
    }
    out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(array));
  }

  private double ratio(Measurement one) {
    return find(one.variant().reference(), one.inFlight())
        .map(one::ratioTo)
        .orElseThrow(() -> missing(one));
  }

  private static NoSuchElementException missing(Measurement one) {
    return new NoSuchElementException("no reference " + one.variant().reference());
  }

  private Optional<Measurement> find(String variant, int inFlight) {
    return measurements.stream()
        .filter(one -> one.variant().name().equals(variant) && one.inFlight() == inFlight)
        .findFirst();
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
