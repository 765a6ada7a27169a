package vesper.world;

/// A place in a region, in centimetres from its origin.
///
/// @param yaw turned left from east, in degrees
record Spot(int x, int y, int z, int yaw) {}
