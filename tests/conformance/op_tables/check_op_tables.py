"""Compares Hone's operator tables with the schemas of the installed onnx, for every
operator of every domain and every opset from 7 to the newest that onnx knows (of the
other domains: from 1), and those of com.microsoft with the schemas of the installed ONNX
Runtime: arity, and every attribute's name, kind and whether it is required.

usage: check_op_tables.py PRINT_OP_TABLES      (ends with `N passed, N failed`)
"""

import json
import subprocess
import sys

import onnx.defs
import onnxruntime.capi.onnxruntime_pybind11_state as runtime

UNBOUNDED = 2**31 - 1
KINDS = {'FLOAT': 1, 'INT': 2, 'STRING': 3, 'TENSOR': 4, 'GRAPH': 5, 'FLOATS': 6,
         'INTS': 7, 'STRINGS': 8, 'TENSORS': 9, 'GRAPHS': 10, 'SPARSE_TENSOR': 11,
         'SPARSE_TENSORS': 12, 'TYPE_PROTO': 13, 'TYPE_PROTOS': 14}
# What ONNX Runtime writes into the default domain, and the opset at which onnx has it.
RUNTIME_OPS = {'LayerNormalization': 17, 'SimplifiedLayerNormalization': 1000}


def of_schema(schema):
  bound = lambda count: -1 if count >= UNBOUNDED else count
  return {
      'inputs': [schema.min_input, bound(schema.max_input)],
      'outputs': [schema.min_output, bound(schema.max_output)],
      'attributes': sorted(
          [name, KINDS[str(a.type).split('.')[-1]], bool(a.required)]
          for name, a in schema.attributes.items()),
  }


def of_row(row):
  return {
      'inputs': row['inputs'],
      'outputs': row['outputs'],
      'attributes': sorted(
          [a['name'], a['kind'], a['required']] for a in row['attributes']),
  }


def compare(tables, schemas, opsets):
  """Counts the operators and opsets that agree and that do not."""
  passed = failed = 0
  for name in sorted(set(schemas) | set(tables)):
    for opset in opsets:
      live = [s for s in schemas.get(name, []) if s.since_version <= opset]
      ours = [r for r in tables.get(name, []) if r['since'] <= opset]
      if not live and (not ours or opset < RUNTIME_OPS.get(name, 0)):
        continue
      theirs = of_schema(max(live, key=lambda s: s.since_version)) if live else None
      mine = of_row(max(ours, key=lambda r: r['since'])) if ours else None
      if theirs == mine:
        passed += 1
      else:
        failed += 1
        print(f'{name} at opset {opset}: expected {theirs}, found {mine}')
  return passed, failed


def main():
  printed = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True)
  rows = [json.loads(line) for line in printed.stdout.splitlines()]
  passed = failed = 0
  for domain in ('', 'ai.onnx.ml', 'ai.onnx.preview.training', 'com.microsoft'):
    tables, schemas = {}, {}
    for row in rows:
      if row['domain'] == domain:
        tables.setdefault(row['op'], []).append(row)
    if domain == 'com.microsoft':
      known = [s for s in runtime.get_all_operator_schema() if s.name in tables]
      newest = 1
    else:
      known = onnx.defs.get_all_schemas_with_history()
      newest = {'': onnx.defs.onnx_opset_version(), 'ai.onnx.ml': 5}.get(domain, 1)
    for schema in known:
      if schema.domain == domain:
        schemas.setdefault(schema.name, []).append(schema)
    counts = compare(tables, schemas, range(7 if not domain else 1, newest + 1))
    passed += counts[0]
    failed += counts[1]
    inferring = len({r['op'] for r in rows if r['domain'] == domain and r['infers']})
    print(f'{domain or "ai.onnx"}: {len(tables)} operators, {inferring} with shape '
          f'inference, up to opset {newest}')
  print(f'onnx {onnx.__version__}')
  print(f'{passed} passed, {failed} failed')
  return 1 if failed or not passed else 0


if __name__ == '__main__':
  sys.exit(main())
