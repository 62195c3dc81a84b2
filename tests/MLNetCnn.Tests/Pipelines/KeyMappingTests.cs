namespace MLNetCnn.Tests.Pipelines;

public sealed class KeyMappingTests
{
    private static readonly string[] Animals = ["dog", "cat", "", "dog", "ant", "cat"];

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Keys_count_from_1_in_order_of_occurrence_with_0_for_missing_and_unseen()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(View(Animals));

        Assert.Equal([1u, 2, 0, 1, 3, 2], Keys(model.Transform(View(Animals))));
        Assert.Equal([0u, 3], Keys(model.Transform(View("bee", "ant"))));
        var schema = model.GetOutputSchema(View().Schema);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), schema["Key"].Type);
        Assert.Equal(["dog", "cat", "ant"], KeyValues(schema["Key"]));
    }

    [Fact]
    public void Keys_can_be_sorted_limited_or_given()
    {
        var conversion = _ml.Transforms.Conversion;
        var sorted = conversion.MapValueToKey("Key", "Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(View("b", "a", "B", "ä", "a"));
        var limited = conversion.MapValueToKey("Key", "Name", maximumNumberOfKeys: 2).Fit(View(Animals));
        var given = conversion.MapValueToKey("Key", "Name", keyData: View("cat", "dog")).Fit(View(Animals));

        Assert.Equal(["B", "a", "b", "ä"], KeyValues(sorted.GetOutputSchema(View().Schema)["Key"]));
        Assert.Equal([1u, 2, 0, 1, 0, 2], Keys(limited.Transform(View(Animals))));
        Assert.Equal([2u, 1, 0, 2, 0, 1], Keys(given.Transform(View(Animals))));
    }

    [Fact]
    public void Mapping_to_keys_and_back_gives_the_values_again_and_the_missing_value_for_0()
    {
        var random = new Random(6);
        for (var round = 0; round < 20; round++)
        {
            var rows = Enumerable.Range(0, 50).Select(_ => new Mixed
            {
                Name = new string('x', random.Next(0, 4)),
                Number = random.Next(5) == 0 ? float.NaN : random.Next(6) / 3f,
                Flag = random.Next(2) == 0,
            }).ToList();
            var view = _ml.Data.LoadFromEnumerable(rows);
            var conversion = _ml.Transforms.Conversion;
            var pipeline = conversion.MapValueToKey("Name").Append(conversion.MapValueToKey("Number")).Append(conversion.MapValueToKey("Flag"))
                .Append(conversion.MapKeyToValue("Name")).Append(conversion.MapKeyToValue("Number")).Append(conversion.MapKeyToValue("Flag"));

            var back = _ml.Data.CreateEnumerable<Mixed>(pipeline.Fit(view).Transform(view), reuseRowObject: false);

            Assert.Equal(rows.Select(row => (row.Name, row.Number, row.Flag)), back.Select(row => (row.Name, row.Number, row.Flag)));
        }
    }

    [Fact]
    public void Key_values_can_be_kept_as_text()
    {
        var view = _ml.Data.LoadFromEnumerable([new Mixed { Number = 1.5f }, new Mixed { Number = -2 }]);

        var schema = _ml.Transforms.Conversion.MapValueToKey("Number", addKeyValueAnnotationsAsText: true).Fit(view).GetOutputSchema(view.Schema);

        Assert.Equal(["1.5", "-2"], KeyValues(schema["Number"]));
        Assert.True(schema["Number"].HasKeyValues());
        Assert.False(schema["Number"].HasKeyValues(NumberDataViewType.Single));
    }

    [Fact]
    public void Mistakes_are_named_before_any_row_is_read()
    {
        var conversion = _ml.Transforms.Conversion;

        Assert.Contains("holds no value", Assert.Throws<InvalidOperationException>(() => conversion.MapValueToKey("Name").Fit(View("", ""))).Message);
        Assert.Contains("there is no column 'Label'", Assert.Throws<ArgumentOutOfRangeException>(() => conversion.MapValueToKey("Label").Fit(View())).Message);
        Assert.Contains("map it with MapValueToKey before", Assert.Throws<InvalidOperationException>(() => conversion.MapKeyToValue("Name").Fit(View())).Message);
    }

    [Fact]
    public void Columns_are_copied_selected_and_dropped()
    {
        var view = View("a", "b");
        var copied = _ml.Transforms.CopyColumns("Copy", "Name").Append(_ml.Transforms.Conversion.MapValueToKey("Name")).Fit(view).Transform(view);

        Assert.Equal(["Name", "Copy", "Name"], copied.Schema.Select(column => column.Name));
        Assert.Equal(["Copy", "Name"], _ml.Transforms.SelectColumns("Copy", "Name").Fit(copied).Transform(copied).Schema.Select(column => column.Name));
        Assert.Equal(["Copy", "Name", "Name"], _ml.Transforms.SelectColumns(["Copy", "Name"], keepHidden: true).Fit(copied).Transform(copied).Schema.Select(column => column.Name));
        var dropped = _ml.Transforms.DropColumns("Name").Fit(copied).Transform(copied);
        Assert.Equal("Copy", Assert.Single(dropped.Schema).Name);
        Assert.Equal(["a", "b"], dropped.Preview().ColumnView[0].Values.Select(value => value!.ToString()));
    }

    internal static IEnumerable<string> KeyValues(DataViewSchema.Column column)
    {
        var values = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetKeyValues(ref values);
        return values.DenseValues().Select(value => value.ToString());
    }

    private IDataView View(params string[] names) => _ml.Data.LoadFromEnumerable(names.Select(name => new Named { Name = name }));

    private IEnumerable<uint> Keys(IDataView view) => _ml.Data.CreateEnumerable<Keyed>(view, reuseRowObject: true).Select(row => row.Key);

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    private sealed class Keyed
    {
        public uint Key { get; set; }
    }

    private sealed class Mixed
    {
        public string Name { get; set; } = "";

        public float Number { get; set; }

        public bool Flag { get; set; }
    }
}
