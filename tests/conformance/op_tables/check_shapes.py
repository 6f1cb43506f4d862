"""Compares Hone's shape inference with onnx.shape_inference on model files: wherever
onnx infers a dtype, a rank or a concrete extent, ours must agree or be unknown.

One case a model: passed when nothing differs. Counts extents as well: those that
both know, that only onnx knows, that only Hone knows.

usage: check_shapes.py PRINT_SHAPES FOLDER...      (ends with `N passed, N failed`)
"""

import collections
import json
import pathlib
import subprocess
import sys

import onnx
import onnx.shape_inference


def infer(path):
  """{name: (dtype, extents or None)} of all tensors, or None when onnx cannot."""
  model = onnx.load(path, load_external_data=False)
  del model.graph.value_info[:]
  for output in model.graph.output:
    # The type's shape alone goes: an output without a type is refused.
    if output.type.HasField('tensor_type'):
      output.type.tensor_type.ClearField('shape')
  try:
    model = onnx.shape_inference.infer_shapes(model, data_prop=True)
  except Exception:  # pylint: disable=broad-except
    return None
  found = {}
  for info in list(model.graph.value_info) + list(model.graph.output):
    if not info.type.HasField('tensor_type'):
      continue
    tensor = info.type.tensor_type
    dims = None
    if tensor.HasField('shape'):
      dims = [d.dim_value if d.HasField('dim_value') else None
              for d in tensor.shape.dim]
    found[info.name] = (tensor.elem_type, dims)
  producers = {o: n.op_type for n in model.graph.node for o in n.output}
  return found, producers


def main():
  paths = sorted(str(p) for folder in sys.argv[2:]
                 for p in pathlib.Path(folder).rglob('*.onnx'))
  run = subprocess.run([sys.argv[1]], input='\n'.join(paths) + '\n',
                       check=True, capture_output=True, text=True)
  counts = collections.Counter()
  only_onnx = collections.Counter()
  passed = failed = 0
  for line in run.stdout.splitlines():
    ours = json.loads(line)
    path = ours['path']
    try:
      result = infer(path)
    except Exception as error:  # pylint: disable=broad-except
      result = None
      counts['files that onnx cannot read'] += 1
    if result is None:
      counts['files without a result of onnx'] += 1
      passed += 1
      continue
    theirs, producers = result
    problems = []
    if 'error' in ours:
      problems.append(ours['error'])
    for name, (dtype, dims) in theirs.items():
      if 'error' in ours:
        break
      op = producers.get(name, '?')
      mine = ours['values'].get(name)
      if mine is None:
        counts['values that only onnx knows'] += 1
        only_onnx[op] += 1
        continue
      if dtype and mine[0] and dtype != mine[0]:
        problems.append(f'{op} {name}: dtype {mine[0]}, expected {dtype}')
      if dims is None:
        continue
      if mine[1] is None:
        counts['ranks that only onnx knows'] += 1
        only_onnx[op] += 1
        continue
      if len(dims) != len(mine[1]):
        problems.append(f'{op} {name}: shape {mine[1]}, expected {dims}')
        continue
      for theirs_dim, my_dim in zip(dims, mine[1]):
        if theirs_dim is None:
          counts['extents that only Hone knows'] += isinstance(my_dim, int)
        elif not isinstance(my_dim, int):
          counts['extents that only onnx knows'] += 1
          only_onnx[op] += 1
        else:
          counts['extents that both know'] += 1
          if theirs_dim != my_dim:
            problems.append(f'{op} {name}: shape {mine[1]}, expected {dims}')
    if problems:
      failed += 1
      print(f'{path}:')
      for problem in sorted(set(problems)):
        print(f'  {problem}')
    else:
      passed += 1
  for what, count in sorted(counts.items()):
    print(f'{count} {what}')
  print('known to onnx alone, by operator: ' +
        ', '.join(f'{op} {n}' for op, n in only_onnx.most_common()))
  print(f'{passed} passed, {failed} failed')
  return 1 if failed or not passed else 0


if __name__ == '__main__':
  sys.exit(main())
