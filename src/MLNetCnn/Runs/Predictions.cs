using MLNetCnn.Data;

namespace MLNetCnn.Runs;

/// <summary>What a run's model says of every validation and test image: kept beside the record, for ensembles and comparisons image by image.</summary>
internal static class Predictions
{
    private const string FileName = "predictions.safetensors";

    /// <summary>Writes the probabilities of the parts that were predicted.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="parts">The probabilities of each part: <c>[N, classes]</c>; null for a part that there is not.</param>
    /// <param name="classes">The number of classes.</param>
    public static void Save(string folder, IReadOnlyDictionary<DatasetSplit, float[]?> parts, int classes)
    {
        using var scope = NewDisposeScope();
        AtomicFile.Write(Path.Combine(folder, FileName), path => Safetensors.Save(
            path, parts.Where(part => part.Value is not null).ToDictionary(part => part.Key.ToString(), part => tensor<float>(part.Value!).reshape(-1, classes))));
    }

    /// <summary>Reads the probabilities of a part; null where there are none.</summary>
    public static float[]? TryLoad(string folder, DatasetSplit part)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        return Safetensors.Load(path).TryGetValue(part.ToString(), out var rows) ? rows.data<float>().ToArray() : null;
    }
}
