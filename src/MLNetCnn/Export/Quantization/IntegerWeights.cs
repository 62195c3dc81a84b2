using System.Numerics.Tensors;

namespace MLNetCnn.Export.Quantization;

/// <summary>The weights of a layer as int8, with a scale for each output channel, and its biases as int32.</summary>
/// <param name="Values">Row-major, as the weights were.</param>
/// <param name="Scales">One for each channel.</param>
/// <param name="Biases">One for each channel, in units of input scale × weight scale; null without biases.</param>
/// <param name="BiasScales">These units.</param>
internal sealed record IntegerWeights(sbyte[] Values, float[] Scales, int[]? Biases, float[] BiasScales)
{
    // Processors without VNNI add pairs of products with inputs of up to 255 in 16 bits: 2 · 255 · 64 fits, and larger weights would
    // give other scores there than elsewhere (ONNX Runtime calls this a reduced range).
    private const int Largest = 64;

    /// <summary>Symmetric and per channel: the largest weight of each channel becomes ±64.</summary>
    /// <param name="weights">Row-major.</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="inner">How many weights in a row belong to one channel: with channels first all of it, with channels last 1.</param>
    /// <param name="biases">One for each channel, or null.</param>
    /// <param name="inputScale">The scale of the layer's input.</param>
    public static IntegerWeights Of(ReadOnlySpan<float> weights, int channels, int inner, float[]? biases, float inputScale)
    {
        var largest = new float[channels];
        for (var run = 0; run < weights.Length / inner; run++)
        {
            ref var channel = ref largest[run % channels];
            channel = Math.Max(channel, MathF.Abs(TensorPrimitives.MaxMagnitude(weights.Slice(run * inner, inner))));
        }

        var scales = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            scales[c] = Scale(largest[c], biases?[c] ?? 0, inputScale);
        }

        var values = new sbyte[weights.Length];
        for (var run = 0; run < weights.Length / inner; run++)
        {
            var scale = scales[run % channels];
            for (var i = run * inner; i < (run + 1) * inner; i++)
            {
                values[i] = (sbyte)Math.Clamp(MathF.Round(weights[i] / scale), -Largest, Largest);
            }
        }

        float[] biasScales = [.. scales.Select(scale => scale * inputScale)];
        return new(values, scales, biases is null ? null : [.. biases.Zip(biasScales, (bias, scale) => (int)Math.Round(bias / (double)scale))], biasScales);
    }

    // A channel that is all but dead may still have a bias: its scale is no finer than an int32 can count that bias in.
    private static float Scale(float largest, float bias, float inputScale)
    {
        const double LargestBias = int.MaxValue / 2;
        var scale = Math.Max(largest / Largest, (float)(Math.Abs(bias) / LargestBias / inputScale));
        return float.IsNormal(scale * inputScale) ? scale : 1;
    }
}
