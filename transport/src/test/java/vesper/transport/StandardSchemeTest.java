package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StandardSchemeTest {
  @Test
  void route_namesDomainAndMethod() {
    assertThat(SubjectScheme.standard().route("vesper.npc.v1.Npcs/Converse"))
        .isEqualTo(
            new SubjectScheme.Route("npc", "svc.npc.v1.Converse", "q.npc", "svc.npc.v1.control"));
    assertThat(SubjectScheme.standard().route("grpc.health.v1.Health/Check").subject())
        .isEqualTo("svc.health.v1.Check");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Npcs/Converse",
        "vesper.npc.Npcs/Converse",
        "vesper.npc.v1.Npcs",
        "vesper.npc.v1.Npcs/control",
        "vesper.npc.v1.Npcs/*",
        "vesper.npc.v1.Npcs/A.B",
        "vesper.>.v1.Npcs/Converse"
      })
  void route_ofOtherNames_isRefused(String name) {
    assertThatThrownBy(() -> SubjectScheme.standard().route(name))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
