using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

/// <summary>The losses that cannot learn are what Keras computes from softmax outputs [N, classes] and integer labels [N, 1].</summary>
public sealed class LossesTests
{
    [Theory]
    [InlineData(LossKind.MeanAbsoluteError, "np.abs(y - p).mean()")]
    [InlineData(LossKind.Poisson, "(p - y * np.log(p + 1e-7)).mean()")]
    public void A_published_mistake_is_computed_as_published(LossKind kind, string formula)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var logits = randn([6, 4]);
        var labels = tensor<long>([0, 3, 1, 2, 2, 0]);
        var expected = PythonOracle.Run(
            $"""
            e = np.exp(inputs['logits'].astype(np.float64))
            p = e / e.sum(1, keepdims=True)
            y = inputs['labels'].reshape(-1, 1)
            outputs = dict(loss=float({formula}))
            """,
            new() { ["logits"] = PythonOracle.Array(logits.ToArray<float>(), 6, 4), ["labels"] = PythonOracle.Array(labels.ToArray<long>(), 6) });
        Assert.Equal((double)expected["loss"]!, Losses.Of(kind, 0)(logits, labels).ToDouble(), 1e-5);
    }

    [Fact]
    public void They_take_plain_labels_only()
    {
        var options = new ImageClassificationTrainer.Options { Loss = LossKind.Poisson, LabelSmoothing = 0.1 };
        Assert.Contains("loss is poisson", Assert.Throws<ConfigurationException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
