using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests;

public class PredictionEngineTests
{
    [Fact]
    public void An_engine_takes_the_image_in_every_form_and_fills_every_answer()
    {
        using var folder = new TemporaryFolder();
        using var model = TestModel.Load();
        var images = TestModel.Cases[1];
        var path = Path.Combine(folder.Path, "image.png");
        File.WriteAllBytes(path, images.Png);
        var expected = model.Predict(images.Png);
        Answer[] answers =
        [
            model.CreatePredictionEngine<BytesInput, Answer>().Predict(new() { ImageSource = images.Png }),
            model.CreatePredictionEngine<PathInput, Answer>().Predict(new(path, "cat")),
            model.CreatePredictionEngine<ImageInput, Answer>().Predict(new() { Image = images.Image(0), ImagePath = "unused" }),
            model.CreatePredictionEngine<StreamInput, Answer>().Predict(new() { Picture = new MemoryStream(images.Png) }),
        ];
        Assert.All(answers, answer =>
        {
            Assert.Equal(expected.Label, answer.PredictedLabel);
            Assert.Equal(expected.Probability, answer.Probability);
            Assert.Equal(expected.Score, answer.Score);
            Assert.Equal(expected.Probability, answer.Scores![expected.Label]);
            Assert.Equal("untouched", answer.Note);
        });
    }

    [Fact]
    public void An_answer_may_ask_for_one_thing_under_its_own_name()
    {
        using var model = TestModel.Load();
        var engine = model.CreatePredictionEngine<BytesInput, OnlyLabel>();
        var answer = new OnlyLabel();
        var same = answer;
        engine.Predict(new() { ImageSource = TestModel.Cases[0].Png }, ref answer);
        Assert.Same(same, answer);
        Assert.Equal(model.Predict(TestModel.Cases[0].Png).Label, answer.Animal);
    }

    [Fact]
    public void Types_that_do_not_fit_are_refused_with_what_is_missing_and_what_is_allowed()
    {
        using var model = TestModel.Load();
        AssertRefused(() => model.CreatePredictionEngine<Empty, Answer>(), "Empty has no image (it has no such public member at all)", "byte[] (an encoded image), string (a path), MLImage or Stream");
        AssertRefused(() => model.CreatePredictionEngine<OnlyLabel, Answer>(), "OnlyLabel has no image (found: PredictedLabel)", "Image, ImageSource or ImagePath");
        AssertRefused(() => model.CreatePredictionEngine<WrongInput, Answer>(), "WrongInput.Image is of type Int32");
        AssertRefused(() => model.CreatePredictionEngine<BytesInput, Empty>(), "Empty takes no answer");
        AssertRefused(() => model.CreatePredictionEngine<BytesInput, WrongAnswer>(), "PredictedLabel is of type UInt32", "Score is of type Single", "PredictedLabel (string)");
        var engine = model.CreatePredictionEngine<BytesInput, Answer>();
        Assert.Contains("BytesInput.ImageSource is null", Assert.Throws<ArgumentException>(() => engine.Predict(new())).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(Action action, params string[] expected)
    {
        var message = Assert.Throws<InvalidOperationException>(action).Message;
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private sealed class BytesInput
    {
        public byte[]? ImageSource;
    }

    private sealed record PathInput(string ImagePath, string Label);

    private sealed class ImageInput
    {
        public MLImage? Image { get; set; }

        public string? ImagePath { get; set; }
    }

    private sealed class StreamInput
    {
        [ColumnName("Image")]
        public Stream? Picture { get; set; }
    }

    private sealed class WrongInput
    {
        public int Image { get; set; }
    }

    private sealed class Answer
    {
        public string? PredictedLabel { get; set; }

        public float Probability { get; init; }

        public float[] Score = [];

        public IReadOnlyDictionary<string, float>? Scores { get; set; }

        public string Note { get; set; } = "untouched";
    }

    private sealed class OnlyLabel
    {
        [ColumnName("PredictedLabel")]
        public string? Animal { get; set; }
    }

    private sealed class WrongAnswer
    {
        public uint PredictedLabel { get; set; }

        public float Score { get; set; }
    }

    private sealed class Empty;

    // ML.NET's attribute of this name, as far as it matters here.
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    private sealed class ColumnNameAttribute(string name) : Attribute
    {
        public string Name { get; } = name;
    }
}
