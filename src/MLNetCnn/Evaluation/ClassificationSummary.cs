using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetCnn.Evaluation;

/// <summary>The figures of one evaluation in a form that is stored and compared: plain numbers, no data view behind them.</summary>
/// <param name="Count">Images evaluated.</param>
/// <param name="MicroAccuracy">Share of images named right, in [0, 1].</param>
/// <param name="MacroAccuracy">Mean over the classes of the share named right, in [0, 1].</param>
/// <param name="LogLoss">Mean negative natural logarithm of the probability given to the true class.</param>
/// <param name="LogLossReduction">1 − log-loss / log-loss of always answering the class frequencies; 1 is perfect, 0 no better than that.</param>
/// <param name="MacroF1">Mean F1 score over the classes, in [0, 1].</param>
/// <param name="TopK">The k of <paramref name="TopKAccuracy"/>.</param>
/// <param name="TopKAccuracy">Share of images whose true class is among the k most probable, in [0, 1].</param>
/// <param name="Precision">Precision per class, in the order of the labels.</param>
/// <param name="Recall">Recall per class, in the order of the labels.</param>
/// <param name="ConfusionMatrix">Counts: rows are true classes, columns predicted ones, in the order of the labels.</param>
public sealed record ClassificationSummary(
    int Count,
    double MicroAccuracy,
    double MacroAccuracy,
    double LogLoss,
    double LogLossReduction,
    double MacroF1,
    int TopK,
    double TopKAccuracy,
    IReadOnlyList<double> Precision,
    IReadOnlyList<double> Recall,
    [property: JsonConverter(typeof(ClassificationSummary.MatrixConverter))] IReadOnlyList<IReadOnlyList<int>> ConfusionMatrix)
{
    // What reports and answers have beside the first.
    private const int MostTopK = 5;

    /// <summary>The figures of all rows at once, with the five most probable classes, or all where there are fewer.</summary>
    /// <inheritdoc cref="ClassificationEvaluator.Evaluate"/>
    public static ClassificationSummary Of(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, int classes) =>
        ClassificationEvaluator.Evaluate(labels, probabilities, classes, TopKOf(classes)).Summarize();

    // Among the five best of five classes is every answer.
    private static int TopKOf(int classes) => classes > MostTopK ? MostTopK : Math.Max(1, classes / 2);

    /// <summary>What a model file keeps of them, by name.</summary>
    /// <param name="part">The images, as names begin: "test".</param>
    public IEnumerable<KeyValuePair<string, double>> Metrics(string part) =>
    [
        new($"{part}.microAccuracy", MicroAccuracy),
        new($"{part}.macroAccuracy", MacroAccuracy),
        new($"{part}.logLoss", LogLoss),
    ];

    // A line for each row: one for each cell takes twelve times the room.
    internal sealed class MatrixConverter : JsonConverter<IReadOnlyList<IReadOnlyList<int>>>
    {
        public override IReadOnlyList<IReadOnlyList<int>> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<int[][]>(ref reader, options) ?? [];

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<IReadOnlyList<int>> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var row in value)
            {
                writer.WriteRawValue($"[{string.Join(", ", row)}]");
            }

            writer.WriteEndArray();
        }
    }
}
