// Writing random loops; see random_loop.h.
#include "core/scev/test/random_loop.h"

#include <array>
#include <string_view>

namespace assay::scev {
namespace {

class Writer {
 public:
  Writer(base::Rng& rng, bool two_widths)
      : rng_(rng), two_widths_(two_widths), type_(two_widths || rng.chance(1, 3) ? "i64" : "i32") {}

  std::string program() {
    std::string slots;
    for (const std::string_view slot : {"n", "s", "k", "i", "a", "b", "c"}) {
      slots += (slots.empty() ? "" : ", ") + (slot == "i" ? counter_type() : type_) + " " + std::string(slot);
    }
    return "program p(" + slots + ") {\n" + loop("i", 0) + "}\n";
  }

 private:
  template <std::size_t N>
  std::string pick(const std::array<std::string_view, N>& choices) {
    return std::string(choices[rng_.below(N)]);
  }

  std::string constant() {
    return pick(std::array<std::string_view, 10>{"1", "1", "1", "2", "3", "-1", "-2", "5", "8", "-7"});
  }
  std::string comparison() {
    static constexpr std::array<std::string_view, 10> kNames = {"lt_s", "lt_s", "lt_u", "le_s", "le_u",
                                                                "gt_s", "gt_u", "ge_s", "ne",   "eq"};
    return pick(kNames);
  }
  std::string accumulator() { return pick(std::array<std::string_view, 3>{"a", "b", "c"}); }
  std::string invariant_operand() { return pick(std::array<std::string_view, 6>{"k", "s", "3", "1", "-5", "k"}); }
  std::string counter_type() const { return two_widths_ ? "i32" : type_; }
  std::string step() {
    // Of a narrow counter: such that it wraps after a few iterations.
    if (two_widths_ && rng_.chance(2, 3)) {
      return pick(std::array<std::string_view, 6>{"0x10000000", "0x30000001", "-0x20000000", "0x7FFFFFFF", "0x01000000",
                                                  "-0x0FFFFFFF"});
    }
    return rng_.chance(1, 3) ? (two_widths_ ? "wrap(s)" : "s") : constant();
  }

  std::string operand(const std::string& counter) {
    switch (rng_.below(9)) {
      case 0:
        return invariant_operand();
      case 1:
        return accumulator();
      case 2:
        return counter + " * " + counter;
      case 3:
        return "(" + counter + " + " + invariant_operand() + ")";
      case 4:
        return counter + " * " + invariant_operand();
      case 5:
        return "(" + counter + " & " + pick(std::array<std::string_view, 4>{"1", "3", "2", "7"}) + ")";
      default:
        return counter;
    }
  }

  std::string condition(const std::string& counter) {
    switch (rng_.below(6)) {
      case 0:
        return "(" + counter + " & 1)";
      case 1:
        return "rem_u(" + counter + ", 3) == 0";
      case 2:
        return comparison() + "(k, s)";
      case 3:
        return rng_.chance(1, 4) ? comparison() + "(" + accumulator() + ", k)" : comparison() + "(" + counter + ", k)";
      default:
        return comparison() + "(" + counter + ", k)";
    }
  }

  std::string update(const std::string& counter) {
    const std::string v = accumulator();
    const std::string w = accumulator();
    switch (rng_.below(16)) {
      case 0:
        return v + " = " + v + " * " + invariant_operand() + " + " + operand(counter) + ";";
      case 1:
        return v + " = " + v + " ^ " + operand(counter) + ";";
      case 2:
        return v + " = " + v + " & " + operand(counter) + ";";
      case 3:
        return v + " = " + v + " | " + operand(counter) + ";";
      case 4:
        return "if (" + v + " > " + counter + ") { " + v + " = " + counter + "; }";
      case 5:
        return v + " = select(" + comparison() + "(" + counter + ", " + v + "), " + counter + ", " + v + ");";
      case 6:
        return v + " = " + w + ";";
      case 7:
        return v + " = " + pick(std::array<std::string_view, 2>{"-", "~"}) + v + ";";
      case 8:
        return v + " = " + v + " + " + w + ";";
      case 9:
        return v + " = " + operand(counter) + ";";
      case 10:
        return "if (" + condition(counter) + ") { " + v + " = " + v + " + " + operand(counter) + "; }";
      case 11:
        return "if (" + condition(counter) + ") { " + v + " = " + v + " - " + operand(counter) + "; } else { " + w +
               " = " + w + " + " + operand(counter) + "; }";
      case 12:
        return v + " = " + v + " - " + operand(counter) + " * " + operand(counter) + ";";
      case 13:
        return v + " = " + v + " + " + w + " * " + invariant_operand() + ";";
      default:
        return v + " = " + v + " + " + operand(counter) + ";";
    }
  }

  std::string loop(const std::string& variable, unsigned depth) {
    const bool narrow = two_widths_ && depth == 0;
    const std::string counter =
        narrow ? pick(std::array<std::string_view, 2>{"extend_s(", "extend_u("}) + variable + ")" : variable;
    const std::string pad(4 * (depth + 1), ' ');
    std::string before;
    std::string body;
    const std::string bound = depth == 0    ? "n"
                              : two_widths_ ? pick(std::array<std::string_view, 3>{"extend_u(i)", "n", "k"})
                                            : pick(std::array<std::string_view, 4>{"i", "n", "k", "i + 2"});
    const std::string exit_test = comparison() + "(" + counter + ", " + bound + ")";
    const unsigned form = rng_.below(5);
    const std::string advance = variable + " = " + variable + " + " + (depth == 0 ? step() : "1") + ";";
    const bool advance_first = rng_.chance(1, 4);
    if (advance_first) body += pad + "    " + advance + "\n";
    for (unsigned count = 1 + rng_.below(3); count > 0; --count) body += pad + "    " + update(counter) + "\n";
    if (form == 3)
      body += pad + "    if (" + exit_test + ") { " + (rng_.chance(1, 2) ? "b = b + 1; " : "") + "break; }\n";
    if (rng_.chance(1, 12)) body += pad + "    if (" + condition(counter) + ") { continue; }\n";
    if (rng_.chance(1, 2)) body += pad + "    " + update(counter) + "\n";
    if (depth < 2 && rng_.chance(1, 5)) body += loop(depth == 0 ? "j" : "m", depth + 1);
    if (!advance_first) body += pad + "    " + advance + "\n";
    if (form == 4) body += pad + "    if (" + exit_test + ") { break; }\n";
    if (depth > 0)
      before = pad + "let " + type_ + " " + variable + " = " +
               (two_widths_ ? pick(std::array<std::string_view, 2>{"0", "extend_s(i)"})
                            : pick(std::array<std::string_view, 3>{"0", "0", "i"})) +
               ";\n";
    std::string head;
    if (form == 0) {
      head = "loop (" + (rng_.chance(1, 4) ? std::string("10") : bound + " & 31") + ")";
    } else if (form >= 3 && rng_.chance(1, 2)) {
      head = "loop (n & 63)";
    } else if (form >= 3) {
      head = "while (1)";
    } else {
      head = "while (" + exit_test + ")";
    }
    return before + pad + head + " {\n" + body + pad + "}\n";
  }

  base::Rng& rng_;
  bool two_widths_;
  std::string type_;
};

}  // namespace

std::string random_loop(base::Rng& rng) { return Writer(rng, false).program(); }

std::string random_loop_of_two_widths(base::Rng& rng) { return Writer(rng, true).program(); }

}  // namespace assay::scev
