using System.Text.Json.Nodes;

using MLNetCnn.Evaluation;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Evaluation;

public sealed class TemperatureScalingTests
{
    private const int Classes = 5;
    private const int Images = 400;

    [Theory]
    [InlineData(3.0)]
    [InlineData(0.4)]
    public void The_temperature_is_the_one_that_scipy_finds_and_lowers_the_error_on_other_images(double sharpness)
    {
        using var scope = NewDisposeScope();
        manual_seed(11);

        // Labels drawn from what the logits say, which are then made too sure or not sure enough.
        var logits = randn([2 * Images, Classes]).mul(1.5);
        var gumbel = rand([2 * Images, Classes]).log().neg().log().neg();
        var labels = logits.add(gumbel).argmax(1).to(ScalarType.Int32).data<int>().ToArray();
        var probabilities = logits.mul(sharpness).softmax(1).data<float>().ToArray();
        var (known, other) = (probabilities[..(Images * Classes)], probabilities[(Images * Classes)..]);
        var expected = (double)PythonOracle.Run(
            """
            import numpy as np
            from scipy.optimize import minimize_scalar
            from scipy.special import log_softmax
            logs, labels = np.log(np.clip(np.array(inputs['p']).reshape(-1, inputs['classes']), 1e-12, 1)), np.array(inputs['labels'])
            nll = lambda t: -log_softmax(logs / np.exp(t), axis=1)[np.arange(len(labels)), labels].mean()
            outputs = {'t': float(np.exp(minimize_scalar(nll, bounds=(-3, 3), method='bounded', options={'xatol': 1e-8}).x))}
            """,
            new JsonObject
            {
                ["p"] = new JsonArray([.. known.Select(value => (JsonNode)value)]),
                ["labels"] = new JsonArray([.. labels[..Images].Select(label => (JsonNode)label)]),
                ["classes"] = Classes,
            })["t"]!;

        var temperature = TemperatureScaling.Fit(labels.AsSpan(0, Images), known, Classes);
        var scaled = TemperatureScaling.Apply(other, Classes, temperature);

        Assert.Equal(expected, temperature, 1e-3 * expected);
        Assert.InRange(temperature / sharpness, 0.7, 1.4);
        var (before, after) = (CalibrationError.Measure(labels.AsSpan(Images), other, Classes), CalibrationError.Measure(labels.AsSpan(Images), scaled, Classes));
        Assert.True(after.Expected < before.Expected / 2, $"{before.Expected} before, {after.Expected} after");
    }
}
