using MLNetCnn.Data;
using MLNetCnn.Weights.Formats;

namespace MLNetCnn.Weights;

/// <summary>How tensors are written in files.</summary>
public enum WeightsFormatKind
{
    /// <summary>A <c>.safetensors</c> file.</summary>
    Safetensors,

    /// <summary>A <c>.pth</c> or <c>.pt</c> file of PyTorch; only tensors in dicts are read, and nothing is run.</summary>
    PyTorch,

    /// <summary>A Keras <c>.h5</c> file.</summary>
    Keras,

    /// <summary>The <c>model.json</c> and the shards of a TensorFlow.js model.</summary>
    TensorFlowJs,

    /// <summary>The constants of an <c>.onnx</c> graph.</summary>
    Onnx,
}

/// <summary>The format of a set of weights.</summary>
/// <param name="Kind">How the tensors are written.</param>
/// <param name="File">The name of the file that they are in, or of the one that names the others.</param>
public sealed record WeightsFormat(WeightsFormatKind Kind, string File)
{
    private static readonly (string Ending, WeightsFormatKind Kind)[] Endings =
    [
        (".safetensors", WeightsFormatKind.Safetensors), (".pth", WeightsFormatKind.PyTorch), (".pt", WeightsFormatKind.PyTorch),
    ];

    /// <summary>The endings of the single files that can be loaded without a manifest, for messages.</summary>
    internal static string KnownEndings => string.Join(", ", Endings.Select(known => known.Ending));

    /// <summary>The format of a single file; null where its ending tells of none.</summary>
    internal static WeightsFormat? Of(string path) => Endings.FirstOrDefault(known => path.EndsWith(known.Ending, StringComparison.OrdinalIgnoreCase)) is { Ending: not null } found
        ? new WeightsFormat(found.Kind, Path.GetFileName(path))
        : null;

    internal static WeightsFormat Parse(StrictJson json) => new(
        json.Choice("kind", "safetensors", "pytorch", "keras", "tensorFlowJs", "onnx") switch
        {
            "pytorch" => WeightsFormatKind.PyTorch,
            "keras" => WeightsFormatKind.Keras,
            "tensorFlowJs" => WeightsFormatKind.TensorFlowJs,
            "onnx" => WeightsFormatKind.Onnx,
            _ => WeightsFormatKind.Safetensors,
        },
        json.Text("file"));

    /// <summary>Opens the files of a source.</summary>
    /// <param name="files">Where each lies, by name.</param>
    /// <exception cref="InvalidDataException">They are damaged, or hold something else; the message says why.</exception>
    internal IWeightsFile Open(IReadOnlyDictionary<string, string> files) => Kind switch
    {
        WeightsFormatKind.Safetensors => new SafetensorsFile(files[File]),
        WeightsFormatKind.PyTorch => PyTorchFile.Open(files[File]),
        WeightsFormatKind.Keras => new KerasFile(files[File]),
        WeightsFormatKind.Onnx => new OnnxFile(files[File]),
        _ => new TfjsFile(files[File], shard => files.TryGetValue(shard, out var path) ? path : throw new InvalidDataException($"{files[File]} names the shard '{shard}', which its source does not list")),
    };
}
