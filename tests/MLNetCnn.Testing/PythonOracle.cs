using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetCnn.Testing;

/// <summary>
/// Runs a piece of Python under Debian's own interpreter (PyTorch, torchvision, scikit-learn) and returns what it computed:
/// the reference that the product's numbers are held against.
/// </summary>
/// <remarks>
/// One interpreter imports the libraries for all pieces of a test program; each piece runs in a fork of it, so that none sees
/// what another did.
/// </remarks>
public static class PythonOracle
{
    private const string Interpreter = "/usr/bin/python3";

    // The interpreter itself only imports: a fork of one whose libraries had started threads would hang.
    private const string Server = """
        import sys, os, re, json, base64, traceback, importlib
        import numpy as np
        def _decode(v):
            if isinstance(v, dict) and '__array__' in v:
                return np.frombuffer(base64.b64decode(v['__array__']), dtype=v['dtype']).reshape(v['shape']).copy()
            if isinstance(v, dict): return {k: _decode(x) for k, x in v.items()}
            if isinstance(v, list): return [_decode(x) for x in v]
            return v
        def _encode(v):
            if hasattr(v, 'detach'): v = v.detach().cpu().contiguous().numpy()
            if isinstance(v, np.ndarray):
                if v.dtype not in (np.float32, np.int64, np.uint8): v = v.astype(np.float32 if v.dtype.kind == 'f' else np.int64)
                return {'__array__': base64.b64encode(np.ascontiguousarray(v).tobytes()).decode(), 'dtype': str(v.dtype), 'shape': list(v.shape)}
            if isinstance(v, np.generic): return v.item()
            if isinstance(v, dict): return {k: _encode(x) for k, x in v.items()}
            if isinstance(v, (list, tuple)): return [_encode(x) for x in v]
            return v
        def _answer(answer):
            _replies.write(json.dumps(answer) + '\n')
            _replies.flush()
        _replies, sys.stdout = sys.stdout, sys.stderr
        for _line in sys.stdin:
            _request = json.loads(_line)
            for _library in ('torch', 'torchvision', 'sklearn', 'scipy.stats', 'PIL.Image'):
                if re.search(r'\b' + _library.split('.')[0] + r'\b', _request['code']): importlib.import_module(_library)
            _child = os.fork()
            if _child:
                _status = os.waitpid(_child, 0)[1]
                if _status: _answer({'error': f'it ended with {_status}'})
                continue
            try:
                _names = {'inputs': _decode(_request['inputs']), 'np': np, 'json': json, 'sys': sys}
                exec(_request['code'], _names)
                _answer({'outputs': _encode(_names['outputs'])})
            except BaseException:
                _answer({'error': traceback.format_exc()})
            os._exit(0)
        """;

    private static readonly Lock Turn = new();
    private static readonly Lazy<Process> Python = new(Start);

    /// <summary>
    /// Runs <paramref name="code"/>; it finds its arguments in the dict <c>inputs</c> (arrays as NumPy arrays) and assigns its
    /// answer to <c>outputs</c> (a dict of numbers, strings, lists, NumPy arrays or tensors).
    /// </summary>
    public static JsonObject Run(string code, JsonObject? inputs = null)
    {
        var request = new JsonObject { ["code"] = code, ["inputs"] = inputs ?? [] }.ToJsonString();
        string? reply;
        lock (Turn)
        {
            Python.Value.StandardInput.WriteLine(request);
            Python.Value.StandardInput.Flush();
            reply = Python.Value.StandardOutput.ReadLine();
        }

        var answer = (JsonObject)JsonNode.Parse(reply ?? throw new InvalidOperationException("the Python oracle ended"))!;
        return answer["error"] is { } error
            ? throw new InvalidOperationException($"the Python oracle failed: {error}")
            : (JsonObject)answer["outputs"]!.DeepClone();
    }

    private static Process Start()
    {
        var start = new ProcessStartInfo(Interpreter, ["-c", Server]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["CUDA_VISIBLE_DEVICES"] = "";
        return Process.Start(start) ?? throw new InvalidOperationException($"{Interpreter} did not start");
    }

    /// <summary>Packs floats for <see cref="Run"/>; Python sees a float32 NumPy array of <paramref name="shape"/>.</summary>
    public static JsonObject Array(ReadOnlySpan<float> values, params long[] shape) =>
        Pack(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), "float32", shape);

    /// <summary>Packs integers for <see cref="Run"/>; Python sees an int64 NumPy array of <paramref name="shape"/>.</summary>
    public static JsonObject Array(ReadOnlySpan<long> values, params long[] shape) =>
        Pack(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), "int64", shape);

    /// <summary>Packs bytes for <see cref="Run"/>; Python sees a uint8 NumPy array of <paramref name="shape"/>.</summary>
    public static JsonObject Array(ReadOnlySpan<byte> values, params long[] shape) => Pack(values, "uint8", shape);

    /// <summary>The float32 array that Python answered under <paramref name="node"/>.</summary>
    public static float[] Floats(JsonNode? node) => Unpack<float>(node, "float32");

    /// <summary>The int64 array that Python answered under <paramref name="node"/>.</summary>
    public static long[] Longs(JsonNode? node) => Unpack<long>(node, "int64");

    /// <summary>The uint8 array that Python answered under <paramref name="node"/>.</summary>
    public static byte[] Bytes(JsonNode? node) => Unpack<byte>(node, "uint8");

    private static JsonObject Pack(ReadOnlySpan<byte> bytes, string dtype, long[] shape) => new()
    {
        ["__array__"] = Convert.ToBase64String(bytes),
        ["dtype"] = dtype,
        ["shape"] = JsonSerializer.SerializeToNode(shape),
    };

    private static T[] Unpack<T>(JsonNode? node, string dtype)
        where T : unmanaged
    {
        var found = (string?)node?["dtype"];
        if (found != dtype)
        {
            throw new InvalidOperationException($"the oracle answered {found ?? "nothing"}, not {dtype}");
        }

        var bytes = Convert.FromBase64String((string)node!["__array__"]!);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }
}
