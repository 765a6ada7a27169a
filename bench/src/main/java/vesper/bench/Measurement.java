package vesper.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.HdrHistogram.Histogram;

/// All rounds of one variant at one number in flight.
final class Measurement {
  private final Variant variant;
  private final int inFlight;
  private final List<Double> perSecond = new ArrayList<>();
  private final List<Double> p50Micros = new ArrayList<>();
  private final List<Double> p99Micros = new ArrayList<>();

  Measurement(Variant variant, int inFlight) {
    this.variant = variant;
    this.inFlight = inFlight;
  }

  void add(Load.Sample sample) {
    Histogram nanos = sample.nanos();
    perSecond.add(sample.perSecond());
    p50Micros.add(nanos.getValueAtPercentile(50) / 1e3);
    p99Micros.add(nanos.getValueAtPercentile(99) / 1e3);
  }

  Variant variant() {
    return variant;
  }

  int inFlight() {
    return inFlight;
  }

  double perSecond() {
    return median(perSecond);
  }

  double p50Micros() {
    return median(p50Micros);
  }

  double p99Micros() {
    return median(p99Micros);
  }

  /// Returns the median over the rounds of this throughput by the other's of the same round.
  double ratioTo(Measurement other) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < perSecond.size(); round++) {
      ratios.add(perSecond.get(round) / other.perSecond.get(round));
    }
    return median(ratios);
  }

  /// Returns (highest − lowest) throughput of the rounds by their median.
  double spread() {
    double highest = perSecond.stream().max(Comparator.naturalOrder()).orElse(0.0);
    double lowest = perSecond.stream().min(Comparator.naturalOrder()).orElse(0.0);
    return (highest - lowest) / perSecond();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
