using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Transfer;

/// <summary>A memory-mapped file of what a frozen part made of images, a row for each stored image; channels last where it has height and width.</summary>
internal sealed class ActivationRows : IDisposable
{
    private readonly FixedMemory _memory;
    private readonly bool _maps;

    /// <param name="path">The file.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="shape">The shape of one: <c>[C, h, w]</c> or <c>[features]</c>.</param>
    /// <param name="type">The type of its numbers.</param>
    public unsafe ActivationRows(string path, int count, IReadOnlyList<long> shape, ScalarType type)
    {
        _memory = new FixedMemory(path);
        _maps = shape.Count == 3;
        long[] stored = _maps ? [count, shape[1], shape[2], shape[0]] : [count, .. shape];
        Rows = from_blob((nint)_memory.Start, stored, type, _memory).DetachFromDisposeScope();
    }

    /// <summary>The rows: <c>[count, h, w, C]</c> or <c>[count, features]</c>.</summary>
    private Tensor Rows { get; }

    /// <summary>The rows at <paramref name="places"/> as a network takes them, float32: <c>[N, C, h, w]</c> or <c>[N, features]</c>.</summary>
    public Tensor Take(Tensor places, torch.Device device)
    {
        using var scope = NewDisposeScope();
        var rows = Devices.Move(Rows.index_select(0, places), device).to(ScalarType.Float32);
        return scope.MoveToOuter(_maps ? rows.permute(0, 3, 1, 2) : rows);
    }

    /// <summary>The bytes of one row.</summary>
    public static long BytesOf(IReadOnlyList<long> shape, ScalarType type) => shape.Aggregate((long)SizeOf(type), (product, length) => product * length);

    /// <summary>The bytes of a frozen part's output, as rows hold them; valid as long as the current dispose scope.</summary>
    public static ReadOnlySpan<byte> AsBytes(Tensor output) => (output.dim() == 4 ? output.permute(0, 2, 3, 1) : output).cpu().contiguous().bytes;

    public void Dispose()
    {
        Rows.Dispose();
        _memory.Dispose();
    }
}
