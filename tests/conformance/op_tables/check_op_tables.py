"""Compares Hone's operator tables with the schemas of the installed onnx, for every
operator of the default domain and every opset from 7 to the newest that onnx knows:
arity, and every attribute's name, kind and whether it is required.

usage: check_op_tables.py PRINT_OP_TABLES      (ends with `N passed, N failed`)
"""

import json
import subprocess
import sys

import onnx.defs

UNBOUNDED = 2**31 - 1


def of_schema(schema):
  bound = lambda count: -1 if count >= UNBOUNDED else count
  return {
      'inputs': [schema.min_input, bound(schema.max_input)],
      'outputs': [schema.min_output, bound(schema.max_output)],
      'attributes': sorted(
          [a.name, int(a.type.value), bool(a.required)]
          for a in schema.attributes.values()),
  }


def of_row(row):
  return {
      'inputs': row['inputs'],
      'outputs': row['outputs'],
      'attributes': sorted(
          [a['name'], a['kind'], a['required']] for a in row['attributes']),
  }


def main():
  printed = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True)
  rows = [json.loads(line) for line in printed.stdout.splitlines()]
  tables = {}
  for row in rows:
    if row['domain'] == '':
      tables.setdefault(row['op'], []).append(row)
  newest = onnx.defs.onnx_opset_version()
  schemas = {}
  for schema in onnx.defs.get_all_schemas_with_history():
    if schema.domain == '':
      schemas.setdefault(schema.name, []).append(schema)
  passed = failed = 0
  for name in sorted(set(schemas) | set(tables)):
    for opset in range(7, newest + 1):
      live = [s for s in schemas.get(name, []) if s.since_version <= opset]
      ours = [r for r in tables.get(name, []) if r['since'] <= opset]
      if not live and not ours:
        continue
      theirs = of_schema(max(live, key=lambda s: s.since_version)) if live else None
      mine = of_row(max(ours, key=lambda r: r['since'])) if ours else None
      if theirs == mine:
        passed += 1
      else:
        failed += 1
        print(f'{name} at opset {opset}: expected {theirs}, found {mine}')
  inferring = len({r['op'] for r in rows if r['domain'] == '' and r['infers']})
  print(f'{len(tables)} operators, {inferring} with shape inference, '
        f'opsets 7 to {newest}, onnx {onnx.__version__}')
  print(f'{passed} passed, {failed} failed')
  return 1 if failed or not passed else 0


if __name__ == '__main__':
  sys.exit(main())
