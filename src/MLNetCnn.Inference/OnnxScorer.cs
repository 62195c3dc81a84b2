using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNetCnn.Inference;

/// <summary>One ONNX Runtime session over a graph from <c>image</c>, uint8 <c>[N, H, W, C]</c>, to probabilities, float <c>[N, classes]</c>.</summary>
internal sealed class OnnxScorer : IDisposable
{
    private const string InputName = "image";
    private const string Remedy = "Export the model again with MLNetCnn.";

    // Bytes of pixels beyond which the memory of a run is given back.
    private const int MostKept = 4 << 20;

    private readonly InferenceSession _session;
    private readonly string[] _inputNames = [InputName];
    private readonly string[] _outputNames;
    private readonly int _channels;
    private readonly int _classes;

    /// <exception cref="ModelFormatException">The graph is none, or not of the shape that <paramref name="metadata"/> promises.</exception>
    public OnnxScorer(ReadOnlyMemory<byte> onnx, ModelMetadata metadata, int threads, string file)
    {
        _channels = metadata.Preprocessing.Channels;
        _classes = metadata.Labels.Count;
        _session = Open(onnx, threads, file);
        try
        {
            _outputNames = [.. _session.OutputNames];
            CheckSignature(file);
            CheckAnswer(metadata.Preprocessing, file);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Scores <paramref name="count"/> images straight from the caller's memory into the caller's memory. Thread-safe.</summary>
    public unsafe void Run(ReadOnlySpan<byte> pixels, int count, int height, int width, Span<float> scores)
    {
        fixed (byte* from = pixels)
        fixed (float* to = scores)
        {
            using var input = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.UInt8, [count, height, width, _channels], (nint)from, pixels.Length);
            using var output = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [count, _classes], (nint)to, scores.Length * sizeof(float));
            using var options = pixels.Length > MostKept ? GivingBack() : null;
            _session.Run(options, _inputNames, [input], _outputNames, [output]);
        }
    }

    public void Dispose() => _session.Dispose();

    // What a session has once taken for intermediate results it keeps: many times the pixels of the largest photo, for each thread that ever ran one.
    private static RunOptions GivingBack()
    {
        var options = new RunOptions();
        options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        return options;
    }

    private static InferenceSession Open(ReadOnlyMemory<byte> onnx, int threads, string file)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // errors come as exceptions; nothing is printed besides
            EnableMemoryPattern = false, // it keeps a plan for every image size ever seen
        };
        // A spinning thread takes the core that another request's prediction needs.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        // A graph may name files that hold its weights, which a model .zip never does: they are looked for where nothing can be.
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", "/dev/null/external-data");
        try
        {
            return new InferenceSession(WholeArray(onnx), options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw ModelFormatException.For(file, $"{ModelArchive.Onnx} is no graph that ONNX Runtime can run ({exception.Message.TrimEnd('.')})", Remedy, exception);
        }
    }

    // ONNX Runtime takes an array: the one that was read, where it is no part of a larger one.
    private static byte[] WholeArray(ReadOnlyMemory<byte> onnx) =>
        MemoryMarshal.TryGetArray(onnx, out var part) && part.Array is { } array && array.Length == onnx.Length ? array : onnx.ToArray();

    private void CheckSignature(string file)
    {
        var input = _session.InputMetadata.Count == 1 ? _session.InputMetadata.GetValueOrDefault(InputName) : null;
        if (input is not { IsTensor: true, ElementDataType: TensorElementType.UInt8, Dimensions: [_, _, _, var inputChannels] }
            || (inputChannels != _channels && inputChannels >= 0))
        {
            throw ModelFormatException.For(
                file,
                $"{ModelArchive.Onnx} takes {Describe(_session.InputMetadata)}: it takes one uint8 tensor '{InputName}' [N, H, W, {_channels}], as {ModelArchive.Metadata} says",
                Remedy);
        }

        var output = _session.OutputMetadata.Count == 1 ? _session.OutputMetadata.Values.Single() : null;
        if (output is not { IsTensor: true, ElementDataType: TensorElementType.Float, Dimensions: [_, var outputClasses] }
            || (outputClasses != _classes && outputClasses >= 0))
        {
            throw ModelFormatException.For(
                file,
                $"{ModelArchive.Onnx} gives {Describe(_session.OutputMetadata)}: it gives one float tensor [N, {_classes}], a score for each of the {_classes} labels of {ModelArchive.Metadata}",
                Remedy);
        }
    }

    // A first answer shows what a signature can't: that the graph runs, and that it ends in a softmax. It also warms up.
    private void CheckAnswer(ImagePreprocessing size, string file)
    {
        var scores = new float[_classes];
        try
        {
            Run(new byte[size.Height * size.Width * _channels], 1, size.Height, size.Width, scores);
        }
        catch (OnnxRuntimeException exception)
        {
            throw ModelFormatException.For(
                file,
                $"{ModelArchive.Onnx} fails on one {size.Height}×{size.Width} image with {_channels} channels ({exception.Message.TrimEnd('.')})",
                Remedy,
                exception);
        }

        if (!(scores.All(score => score >= 0) && Math.Abs(scores.Sum() - 1) < 1e-3))
        {
            throw ModelFormatException.For(
                file,
                FormattableString.Invariant($"{ModelArchive.Onnx} gives scores from {scores.Min()} to {scores.Max()} with the sum {scores.Sum()}: scores are probabilities, from a softmax inside the graph"),
                Remedy);
        }
    }

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        nodes.Count == 0 ? "nothing" : string.Join(", ", nodes.Select(node => node.Value.IsTensor
            ? FormattableString.Invariant($"{node.Value.ElementDataType} '{node.Key}' [{string.Join(", ", node.Value.Dimensions.Select(size => size < 0 ? "?" : $"{size}"))}]")
            : $"'{node.Key}', which is no tensor"));
}
