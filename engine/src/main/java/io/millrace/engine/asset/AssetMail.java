package io.millrace.engine.asset;

import java.util.List;

/** Messages of the asset hub's workflows, in order; a list alone would lose their kinds as JSON. */
public record AssetMail(List<AssetMessage> messages) {

  public AssetMail {
    messages = List.copyOf(messages);
  }
}
