using Google.Protobuf;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>
/// Makes an 8-bit model of a float one, after training: static quantization with int8 weights, a scale for each output channel,
/// uint8 activations, a scale and zero point for each tensor, and int32 biases, in ONNX Runtime's QDQ form. Jacob et al. 2018,
/// "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference"; Krishnamoorthi 2018,
/// "Quantizing deep convolutional networks for efficient inference" (scales per channel).
/// </summary>
public static class ModelQuantizer
{
    /// <summary>
    /// Quantizes a model. What is made takes and gives what the model did; it has no weights to train further, and no metrics:
    /// those of the float model are not its own.
    /// </summary>
    /// <param name="model">The float model.</param>
    /// <param name="calibration">
    /// Images of any size, with the model's channels, to measure activations on: training images. Their labels are not looked at.
    /// </param>
    /// <param name="options">How; the defaults where null.</param>
    /// <param name="cancellation">Stops the measuring.</param>
    /// <exception cref="ArgumentException">The model is quantized already, or the images don't fit it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The graph has no layer with weights that could be quantized.</exception>
    /// <exception cref="InvalidOperationException">The model gives activations that are not finite.</exception>
    public static ModelPackage Quantize(ModelPackage model, ImageSet calibration, QuantizationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(calibration);
        options ??= new();
        options.Validate();
        var proto = ModelProto.Parser.ParseFrom(model.Onnx.Span);
        if (model.Metadata.Quantization is not null || proto.Graph.Node.Any(node => node.OpType == "QuantizeLinear"))
        {
            throw new ArgumentException("the model is quantized already: give the float model that it was made of");
        }

        if (calibration.Count == 0 || calibration.Channels != model.Metadata.Preprocessing.Channels)
        {
            throw new ArgumentException($"{calibration.Count} images with {calibration.Channels} channels are given: the model is calibrated on at least one image with {model.Metadata.Preprocessing.Channels}");
        }

        PadFolding.Apply(proto.Graph);
        ResizeGuard.Apply(proto.Graph, model.Metadata.Preprocessing.Channels);
        var plan = new QuantizationPlan(proto.Graph);
        if (plan.Layers.Count == 0)
        {
            throw new NotSupportedException($"the model {model.Metadata.Architecture.Name} can't be quantized: its graph has no Conv, Gemm or MatMul with constant weights");
        }

        var ranges = RangeCalibration.Measure(proto, [.. plan.Measured], calibration, options, cancellation);
        proto.Graph = QdqWriter.Write(proto.Graph, plan, ranges);
        var metadata = model.Metadata with
        {
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal),
            Quantization = new ModelQuantization("int8", "uint8", Math.Min(options.Images, calibration.Count)) { Source = model.Version },
        };
        return new ModelPackage(metadata, proto.ToByteArray(), ModelPackage.NoWeights);
    }
}
