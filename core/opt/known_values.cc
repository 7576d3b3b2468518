// Constants, copies and versions; see known_values.h. Tested by core/opt/test/propagate_test.cc.
#include "core/opt/known_values.h"

namespace assay::opt {

using ast::VarId;

KnownValues::KnownValues(const ast::Program& program) : cells_(program.variable_count()) {
  for (std::uint32_t i = 0; i < program.slot_count(); ++i) cells_.unjournaled(VarId{i}).version = last_version_;
}

Known KnownValues::of(VarId variable) const {
  const Cell& cell = cells_.at(variable);
  if (cell.kind == Known::Kind::Constant) return Known::constant(cell.bits);
  if (cell.kind == Known::Kind::Nothing) return {};
  const Cell& source = cells_.at(cell.source);
  if (source.version != cell.source_version) return {};
  // The source may have turned out to be a constant since.
  return source.kind == Known::Kind::Constant ? Known::constant(source.bits) : Known::copy(cell.source);
}

void KnownValues::assign(VarId variable, const Known& value) {
  Cell cell = cells_.at(variable);
  if (cell.copied) {
    cell.version = ++last_version_;
    cell.copied = false;
  }
  set_value(cell, value);
  set(variable, cell);
}

void KnownValues::learn(VarId variable, std::uint64_t bits) {
  Cell cell = cells_.at(variable);
  set_value(cell, Known::constant(bits));
  set(variable, cell);
}

void KnownValues::declare(VarId local, const Known& value) {
  Cell cell;
  cell.version = ++last_version_;
  set_value(cell, value);
  set(local, cell);
}

// Not in the journal: taking back a branch around the scope ends with the cell of before `declare`, which is the same.
void KnownValues::leave_scope(VarId local) { cells_.unjournaled(local) = {}; }

// A version that differs in the branches is given up for a new one, which ends the copies of it. One that is the same
// stays, and with it the copies that both branches end with.
void KnownValues::join_aside() {
  cells_.join_aside([this](VarId variable, const Cell& left, const Cell& right) {
    Cell cell = left;
    cell.copied = left.copied || right.copied || cells_.at(variable).copied;
    if (left.version != right.version) {
      cell.version = ++last_version_;
      cell.copied = false;
    }
    if (!same_value(left, right)) set_value(cell, {});
    set(variable, cell);
  });
}

bool KnownValues::same_value(const Cell& left, const Cell& right) {
  return left.kind == right.kind && left.bits == right.bits && left.source == right.source &&
         left.source_version == right.source_version;
}

void KnownValues::set_value(Cell& cell, const Known& value) {
  cell.kind = value.kind;
  cell.bits = value.bits;
  cell.source = value.source;
  cell.source_version = 0;
  if (value.kind == Known::Kind::Copy) {
    Cell& source = cells_.unjournaled(value.source);
    cell.source_version = source.version;
    source.copied = true;
  }
}

// A cell that does not change is not noted: most of what loops forget and joins give up was not known anyway.
void KnownValues::set(VarId variable, const Cell& cell) {
  Cell& old = cells_.unjournaled(variable);
  if (old.version == cell.version && same_value(old, cell)) {
    old.copied = cell.copied;
  } else {
    cells_.set(variable, cell);
  }
}

}  // namespace assay::opt
