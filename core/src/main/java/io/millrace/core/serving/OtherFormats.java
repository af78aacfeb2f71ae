package io.millrace.core.serving;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Names the formats that models are found in by mistake, with what to do instead. */
final class OtherFormats {
  /**
   * Bytes of the parameters that XGBoost's old format begins with; the objective's name follows.
   */
  private static final int OLD_PARAMETERS = 136;

  private static final int MAX_NAME = 64;
  private static final String REMEDY = "; save it again with Booster.save_model('model.ubj')";

  private OtherFormats() {}

  /** Refuses bytes that are of such a format, and does nothing about others. */
  static void refuse(byte[] model) {
    if (model.length == 0) {
      throw new UnsupportedModelException("The model file is empty" + REMEDY);
    }
    if (isOldBinary(model)) {
      throw new UnsupportedModelException(
          "The model is in XGBoost's old binary format, which XGBoost 3.1 and later do not read"
              + " either; load it with an older XGBoost and save it with"
              + " Booster.save_model('model.ubj')");
    }
    if (model[0] == (byte) 0x80 && model.length > 1 && model[1] >= 2 && model[1] <= 5) {
      throw new UnsupportedModelException(
          "The model is a Python pickle, which only Python can read" + REMEDY);
    }
    if (startsWith(model, "PK\003\004")) {
      throw new UnsupportedModelException("The model is a ZIP archive" + REMEDY);
    }
    if (startsWith(model, "\037\u008b")) {
      throw new UnsupportedModelException("The model is compressed with gzip" + REMEDY);
    }
  }

  /** XGBoost 0.x to 3.0: {@code binf} and the parameters, or without {@code binf} before 0.90. */
  private static boolean isOldBinary(byte[] model) {
    return startsWith(model, "binf") || startsWith(model, "bs64") || hasNameBehindParameters(model);
  }

  private static boolean hasNameBehindParameters(byte[] model) {
    if (model[0] == '{' || model.length < OLD_PARAMETERS + Long.BYTES + MAX_NAME) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.getLong(OLD_PARAMETERS);
    if (length < 3 || length > MAX_NAME) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      byte letter = model[OLD_PARAMETERS + Long.BYTES + i];
      if (letter != ':' && !(letter >= 'a' && letter <= 'z')) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] model, String start) {
    for (int i = 0; i < start.length(); i++) {
      if (i >= model.length || (model[i] & 0xff) != start.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
