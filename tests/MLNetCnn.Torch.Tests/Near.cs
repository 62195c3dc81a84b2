using System.Text.Json.Nodes;
using MLNetCnn.Testing;

namespace MLNetCnn.Torch.Tests;

/// <summary>Comparisons of ours with the oracle's.</summary>
internal static class Near
{
    public static JsonObject Pack(Tensor tensor) => tensor.dtype == ScalarType.Int64
        ? PythonOracle.Array(tensor.ToArray<long>(), tensor.shape)
        : PythonOracle.Array(tensor.detach().to(float32).ToArray<float>(), tensor.shape);

    /// <summary>Shape and values, within <paramref name="tolerance"/> of the largest value.</summary>
    public static void Equal(JsonNode? expected, Tensor actual, string what, double tolerance = 1e-5)
    {
        var shape = expected!["shape"]!.AsArray().Select(node => (long)node!).ToArray();
        Assert.True(shape.SequenceEqual(actual.shape), $"{what}: shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", shape)}]");
        var wanted = (string?)expected["dtype"] == "int64" ? [.. PythonOracle.Longs(expected).Select(value => (float)value)] : PythonOracle.Floats(expected);
        var found = actual.detach().to(float32).ToArray<float>();
        var scale = wanted.Append(1).Max(Math.Abs);
        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.True(Math.Abs(wanted[i] - found[i]) <= tolerance * scale, $"{what}: element {i} is {found[i]}, expected {wanted[i]}");
        }
    }
}
