package vesper.launcher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;

/// What runs: each service with its instances, and each process with its services.
record Overview(List<Service> services, List<Running> processes) {
  /// A service.
  ///
  /// @param instances that take calls
  record Service(String id, int instances) {
    String state() {
      return instances > 0 ? "READY" : "NOT_READY";
    }
  }

  /// A process.
  ///
  /// @param services that take calls in it
  /// @param calls that its services took over NATS since their start; calls within a process are
  ///   not among them
  record Running(long pid, boolean ready, List<String> services, long calls, URI management) {
    String state() {
      return ready ? "READY" : "NOT_READY";
    }
  }

  /// Whether every service takes calls somewhere.
  boolean ready() {
    return services.stream().allMatch(service -> service.instances() > 0);
  }

  void print(PrintWriter out) {
    out.printf("%-18s %-10s %s%n", "SERVICE", "STATE", "INSTANCES");
    for (Service service : services) {
      out.printf("%-18s %-10s %d%n", service.id(), service.state(), service.instances());
    }
    out.println();
    out.printf(
        "%-18s %-10s %-10s %-23s %s%n", "PROCESS", "STATE", "NATS CALLS", "HEALTH", "SERVICES");
    for (Running process : processes) {
      out.printf(
          "%-18d %-10s %-10d %-23s %s%n",
          process.pid(), process.state(), process.calls(), process.management(), names(process));
    }
  }

  private static String names(Running process) {
    return process.services().containsAll(Catalogue.IDS)
        ? "all"
        : String.join(", ", process.services());
  }

  void write(ObjectNode root) {
    ArrayNode shown = root.putArray("services");
    for (Service service : services) {
      shown
          .addObject()
          .put("id", service.id())
          .put("state", service.state())
          .put("instances", service.instances());
    }
    ArrayNode running = root.putArray("processes");
    for (Running process : processes) {
      ObjectNode one =
          running
              .addObject()
              .put("pid", process.pid())
              .put("state", process.state())
              .put("calls", process.calls())
              .put("management", process.management().toString());
      ArrayNode ids = one.putArray("services");
      process.services().forEach(ids::add);
    }
  }
}
