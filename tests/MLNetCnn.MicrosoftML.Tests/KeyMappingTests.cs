using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

using Own = MLNetCnn.Pipelines;

namespace MLNetCnn.MicrosoftML.Tests;

/// <summary>Keys and their values as ML.NET gives them for the same rows: a label's number is the same in both.</summary>
public sealed class KeyMappingTests
{
    private static readonly Row[] Rows =
    [
        new("pear", 3, 2.5f, true), new("apple", -1, float.NaN, false), new("pear", 3, -7, true), new("", 12, 2.5f, false),
        new("Zebra", -1, 0, true), new("äpfel", 0, 1e30f, false), new("apple", 7, float.NaN, true), new("a b", 12, -7, false),
    ];

    public static TheoryData<string, bool> Columns => new MatrixTheoryData<string, bool>([nameof(Row.Text), nameof(Row.Whole), nameof(Row.Real), nameof(Row.Flag)], [false, true]);

    [Theory, MemberData(nameof(Columns))]
    public void Values_have_the_same_keys(string column, bool byValue)
    {
        var theirs = new MLContext();
        var view = theirs.Data.LoadFromEnumerable(Rows);
        var mapped = theirs.Transforms.Conversion
            .MapValueToKey("Key", column, keyOrdinality: byValue ? ValueToKeyMappingEstimator.KeyOrdinality.ByValue : ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
            .Append(theirs.Transforms.Conversion.MapKeyToValue("Back", "Key")).Fit(view).Transform(view);

        var own = new Own.MLContext();
        var ownView = own.Data.LoadFromEnumerable(Rows);
        var ownKeyed = own.Transforms.Conversion
            .MapValueToKey("Key", column, keyOrdinality: byValue ? Own.ValueToKeyMappingEstimator.KeyOrdinality.ByValue : Own.ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
            .Fit(ownView).Transform(ownView);
        var ownMapped = own.Transforms.Conversion.MapKeyToValue("Back", "Key").Fit(ownKeyed).Transform(ownKeyed);

        Assert.Equal($"{mapped.Schema["Key"].Type}", $"{ownMapped.Schema["Key"].Type}");
        Assert.Equal(mapped.GetColumn<uint>("Key"), OwnKeys(ownMapped));
        Assert.Equal(Preview(mapped.Preview().ColumnView.Single(values => values.Column.Name == "Back").Values), Preview(OwnValues(ownMapped)));
    }

    private static IEnumerable<uint> OwnKeys(Own.IDataView view) => new Own.MLContext().Data.CreateEnumerable<Key>(view, reuseRowObject: false).Select(row => row.Value);

    private static IEnumerable<object?> OwnValues(Own.IDataView view) => Own.DebuggerExtensions.Preview(view).ColumnView.Single(values => values.Column.Name == "Back").Values;

    private static IEnumerable<string> Preview(IEnumerable<object?> values) => values.Select(value => $"{value}");

    private sealed record Row(string Text, int Whole, float Real, bool Flag);

    private sealed class Key
    {
        [Own.ColumnName("Key")]
        public uint Value { get; set; }
    }
}
