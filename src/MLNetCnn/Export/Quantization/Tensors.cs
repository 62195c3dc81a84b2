using System.Runtime.InteropServices;
using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>Reads the constants of a graph as the exporter writes them: raw, little-endian, row-major.</summary>
internal static class Tensors
{
    public static float[] Floats(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();

    public static long[] Longs(TensorProto tensor) => MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();

    /// <summary>A matrix, transposed.</summary>
    public static float[] Transposed(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        var transposed = new float[matrix.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return transposed;
    }
}
