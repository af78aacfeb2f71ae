package io.millrace.core.events;

import io.millrace.core.events.Product.Department;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The products of the synthetic shop, the same in every run.
 *
 * <p>Categories, median prices and brands follow the REES46 October 2019 data; which product costs
 * what, and who likes it, is made up. Weighted by how often products are looked at, {@value
 * #NO_CODE} of them have no category code and {@value #NO_BRAND} have no brand, as in the real
 * data.
 */
final class SyntheticCatalogue {
  static final double NO_CODE = 0.318;
  static final double NO_BRAND = 0.148;
  private static final int PRODUCTS_PER_DEPARTMENT = 12;
  private static final int DEPARTMENTS_WITHOUT_CODE = 14;
  private static final double MEDIAN_PRICE = 100;
  private static final double UNKNOWN_BRAND_APPEAL = -0.7;
  private static final long FIRST_CATEGORY = 2_053_013_550_000_000_000L;

  /** code, weight, median price, brands. */
  private static final String[][] CODED = {
    {"electronics.smartphone", "30", "378", "samsung apple xiaomi huawei oppo nokia"},
    {"electronics.audio.headphone", "7", "62", "xiaomi apple jbl sony"},
    {"electronics.clocks", "6", "185", "casio garmin apple samsung"},
    {"electronics.video.tv", "5", "363", "samsung lg haier sony"},
    {"electronics.tablet", "3", "240", "apple samsung huawei"},
    {"electronics.telephone", "2", "40", "nokia panasonic"},
    {"computers.notebook", "7", "426", "lenovo hp acer asus apple"},
    {"computers.desktop", "3", "399", "pulser acer hp"},
    {"computers.peripherals.monitor", "2", "210", "acer samsung lg"},
    {"computers.peripherals.printer", "2", "150", "hp canon epson"},
    {"computers.components.videocards", "1", "437", "gigabyte msi asus"},
    {"appliances.kitchen.refrigerators", "5", "428", "indesit lg atlant samsung beko"},
    {"appliances.kitchen.washer", "5", "335", "samsung lg indesit bosch beko"},
    {"appliances.kitchen.mixer", "2", "49", "bosch panasonic"},
    {"appliances.kitchen.microwave", "2", "93", "gorenje samsung lg"},
    {"appliances.kitchen.dishwasher", "1", "301", "beko bosch"},
    {"appliances.kitchen.coffee_machine", "1", "220", "delonghi philips"},
    {"appliances.environment.vacuum", "6", "91", "gorenje samsung redmond bosch philips"},
    {"appliances.environment.air_heater", "4", "38", "elenberg oasis ballu electrolux"},
    {"appliances.environment.water_heater", "3", "91", "ariston haier aqua"},
    {"appliances.personal.hair_cutter", "1", "35", "philips braun"},
    {"apparel.shoes", "5", "68", "respect baden nike adidas"},
    {"apparel.shoes.keds", "5", "65", "respect baden fila asics"},
    {"apparel.sock", "1", "8", "nike adidas"},
    {"furniture.living_room.sofa", "2", "543", "brw sv"},
    {"furniture.kitchen.table", "2", "118", "sv brw"},
    {"furniture.bedroom.bed", "2", "177", "brw sv"},
    {"construction.tools.drill", "2", "95", "bosch dewalt makita"},
    {"construction.tools.pump", "2", "59", "leo grundfos"},
    {"auto.accessories.player", "2", "76", "jvc pioneer"},
    {"kids.toys", "2", "45", "chicco lego"},
    {"kids.skates", "1", "320", "kugoo xiaomi"},
  };

  private static final String OTHER_BRANDS =
      "lucente xiaomi redmond gran-stone vitek polaris tefal samsung artel sokolov";

  private final SplittableRandom random = new SplittableRandom(2019);
  private final List<Product[]> products = new ArrayList<>();
  private final double[] departmentWeights;
  private final double[] productWeights = cumulated(rank -> 1 / StrictMath.pow(rank + 1, 0.8));
  private double unbranded;

  SyntheticCatalogue() {
    double codedWeight = Arrays.stream(CODED).mapToDouble(row -> Double.parseDouble(row[1])).sum();
    departmentWeights = new double[CODED.length + DEPARTMENTS_WITHOUT_CODE];
    double sum = 0;
    for (int i = 0; i < CODED.length; i++) {
      sum += (1 - NO_CODE) * Double.parseDouble(CODED[i][1]) / codedWeight;
      departmentWeights[i] = sum;
      addDepartment(i, CODED[i][0], Double.parseDouble(CODED[i][2]), CODED[i][3]);
    }
    for (int i = CODED.length; i < departmentWeights.length; i++) {
      sum += NO_CODE / DEPARTMENTS_WITHOUT_CODE;
      departmentWeights[i] = sum;
      addDepartment(i, null, MEDIAN_PRICE * StrictMath.exp(0.6 * normal()), OTHER_BRANDS);
    }
  }

  /** Picks a department by how many look into it. */
  int pickDepartment(SplittableRandom visitor) {
    return pick(departmentWeights, visitor);
  }

  /** Picks a product of a department by how many look at it. */
  Product pickProduct(int department, SplittableRandom visitor) {
    return products.get(department)[pick(productWeights, visitor)];
  }

  private void addDepartment(int index, @Nullable String code, double medianPrice, String brands) {
    double width =
        index == 0 ? departmentWeights[0] : departmentWeights[index] - departmentWeights[index - 1];
    Department department =
        new Department(
            FIRST_CATEGORY + index * 1_000_003_711L,
            code,
            code == null ? 0 : 0.9 * appeal(code) + 0.5 * appeal(code.split("\\.")[0]),
            code != null && (code.startsWith("furniture") || code.startsWith("construction")));
    String[] names = brands.split(" ");
    Product[] shelf = new Product[PRODUCTS_PER_DEPARTMENT];
    for (int rank = 0; rank < shelf.length; rank++) {
      double before = rank == 0 ? 0 : productWeights[rank - 1];
      String brand = brandOrNone(names, width * (productWeights[rank] - before));
      double price = Math.rint(medianPrice * StrictMath.exp(0.55 * normal()) * 100) / 100;
      shelf[rank] =
          new Product(
              1_000_000L + index * 1_000L + rank * 37L,
              department,
              brand,
              brand == null ? UNKNOWN_BRAND_APPEAL : 1.2 * appeal(brand),
              price,
              StrictMath.log(price / MEDIAN_PRICE));
    }
    products.add(shelf);
  }

  /** Leaves out a brand whenever the share of products without one falls behind. */
  private @Nullable String brandOrNone(String[] names, double weight) {
    String brand = names[random.nextInt(names.length)];
    unbranded += NO_BRAND * weight;
    boolean leaveOut = unbranded > weight / 2 && random.nextInt(4) == 0;
    if (!leaveOut) {
      return brand;
    }
    unbranded -= weight;
    return null;
  }

  /** A number between -1 and 1 that belongs to a name. */
  private static double appeal(String name) {
    return new SplittableRandom(name.hashCode() * 0x9E3779B97F4A7C15L).nextDouble() * 2 - 1;
  }

  private double normal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }

  private static double[] cumulated(IntToDoubleFunction weight) {
    double[] sums = new double[PRODUCTS_PER_DEPARTMENT];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += weight.applyAsDouble(i);
      sums[i] = sum;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= sum;
    }
    return sums;
  }

  private static int pick(double[] cumulated, SplittableRandom random) {
    int found = Arrays.binarySearch(cumulated, random.nextDouble());
    return Math.min(found < 0 ? -found - 1 : found, cumulated.length - 1);
  }
}
