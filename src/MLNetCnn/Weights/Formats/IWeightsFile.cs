namespace MLNetCnn.Weights.Formats;

/// <summary>The tensors of a weights file, in whatever format. Opening it reads what the tensors are called and how they look, not their numbers.</summary>
internal interface IWeightsFile : IDisposable
{
    /// <summary>The tensors, in the file's order.</summary>
    IReadOnlyList<StoredTensor> Tensors { get; }
}

/// <summary>A tensor that lies in a file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="DType">The type of its elements once read.</param>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="Read">
/// Reads it. The result belongs to the current dispose scope, may be strided, and may lie in the file's own memory: use it before
/// the file is closed, and only to read. It throws <see cref="InvalidDataException"/> where the file is damaged.
/// </param>
internal sealed record StoredTensor(string Name, ScalarType DType, IReadOnlyList<long> Shape, Func<Tensor> Read);
