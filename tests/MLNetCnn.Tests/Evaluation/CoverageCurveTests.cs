using System.Text.Json;

using MLNetCnn.Evaluation;

namespace MLNetCnn.Tests.Evaluation;

public sealed class CoverageCurveTests
{
    private static readonly int[] Labels = [0, 1, 1, 0, 1];
    private static readonly float[] Probabilities = [0.9f, 0.1f, 0.3f, 0.7f, 0.8f, 0.2f, 0.55f, 0.45f, 0f, 1f];

    [Fact]
    public void The_less_is_answered_the_surer_it_is()
    {
        var curve = CoverageCurve.Measure(Answers.Of(Labels, Probabilities, 2), Probabilities, 2);

        Assert.Equal(100, curve.Count);
        Assert.Equal((5, 4), (curve[0].Answered, curve[0].Right));
        Assert.Equal((4, 3), (curve[60].Answered, curve[60].Right));
        Assert.Equal((3, 2), (curve[75].Answered, curve[75].Right));
        Assert.Equal((1, 1), (curve[95].Answered, curve[95].Right));
        Assert.Equal(1, curve[95].Accuracy);
    }

    [Fact]
    public void Answers_survive_being_written_and_are_compared_by_what_the_images_are()
    {
        var answers = Answers.Of(Labels, Probabilities, 2, "these images");

        var read = JsonSerializer.Deserialize<Answers>(JsonSerializer.Serialize(answers))!;

        Assert.Equal([true, true, false, true, true], read.Right());
        Assert.True(read.AreOfTheSameImages(answers));
        Assert.False(read.AreOfTheSameImages(Answers.Of([0, 1, 1, 0, 0], Probabilities, 2)));
        Assert.False(read.AreOfTheSameImages(Answers.Of(Labels, Probabilities, 2, "others of the same classes")));
        Assert.True(read.AreOfTheSameImages(Answers.Of(Labels, Probabilities, 2)), "one that does not know its images");
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Answers>("""{ "truth": "AAA=" }"""));
    }
}
