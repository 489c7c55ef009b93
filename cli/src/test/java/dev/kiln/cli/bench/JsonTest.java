package dev.kiln.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void oneObjectOnOneLine() {
    assertThat(new Json()).hasToString("{}");
    assertThat(
            new Json()
                .with("a", "say \"no\"\\\n")
                .with("b", 3L)
                .with("c", 0.00012345678)
                .with("d", true)
                .with("e", 12345678.0))
        .hasToString(
            "{\"a\": \"say \\u0022no\\u0022\\u005c\\u000a\", \"b\": 3, \"c\": 0.000123457, \"d\":"
                + " true, \"e\": 1.23457E+7}");
  }
}
