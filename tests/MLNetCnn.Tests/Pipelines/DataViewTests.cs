namespace MLNetCnn.Tests.Pipelines;

public sealed class DataViewTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Nothing_is_enumerated_until_a_cursor_moves_and_then_only_as_far_as_it_moves()
    {
        var produced = 0;
        var view = _ml.Data.LoadFromEnumerable(Rows());

        using var cursor = view.GetRowCursor(view.Schema);
        Assert.Equal(0, produced);
        Assert.True(cursor.MoveNext() && cursor.MoveNext());
        Assert.Equal(2, produced);
        Assert.Equal(1, cursor.Position);
        Assert.Equal([0, 1, 2], _ml.Data.CreateEnumerable<Point>(_ml.Data.TakeRows(view, 3), reuseRowObject: false).Select(point => point.X));

        IEnumerable<Point> Rows()
        {
            for (var i = 0; ; i++)
            {
                produced++;
                yield return new Point { X = i };
            }
        }
    }

    [Fact]
    public void Every_member_type_survives_the_way_into_a_view_and_back()
    {
        var row = new Everything
        {
            Text = "Grüße",
            Flag = true,
            Whole = -7,
            Real = 2.5,
            Class = 3,
            Pixels = [1, 2, 3],
            Words = ["a", "b"],
            Sparse = new VBuffer<float>(4, 1, [9f], [2]),
            Renamed = 5,
        };
        var view = _ml.Data.LoadFromEnumerable([row]);

        Assert.Equal(
            "Text: String, Flag: Boolean, Whole: Int64, Real: Double, Class: Key<UInt32, 0-4>, Pixels: Vector<Byte, 3>, Words: Vector<String>, Sparse: Vector<Single>, Other: Single",
            string.Join(", ", new[] { "Text", "Flag", "Whole", "Real", "Class", "Pixels", "Words", "Sparse", "Other" }.Select(name => view.Schema[name].ToString())));
        Assert.Null(view.Schema.GetColumnOrNull("Ignored"));
        var back = Assert.Single(_ml.Data.CreateEnumerable<Everything>(view, reuseRowObject: false));
        Assert.Equal((row.Text, row.Flag, row.Whole, row.Real, row.Class, row.Renamed), (back.Text, back.Flag, back.Whole, back.Real, back.Class, back.Renamed));
        Assert.Equal(row.Pixels, back.Pixels);
        Assert.NotSame(row.Pixels, back.Pixels);
        Assert.Equal(row.Words, back.Words);
        Assert.Equal([0, 0, 9, 0], back.Sparse.DenseValues());
    }

    [Fact]
    public void Reuse_gives_one_object_filled_again_and_no_reuse_a_new_one_for_every_row()
    {
        var view = _ml.Data.LoadFromEnumerable(Points(3));

        Assert.Single(_ml.Data.CreateEnumerable<Point>(view, reuseRowObject: true).ToList().Distinct());
        Assert.Equal(3, _ml.Data.CreateEnumerable<Point>(view, reuseRowObject: false).Distinct().Count());
    }

    [Fact]
    public void Missing_columns_and_unsuited_types_are_all_named_at_once()
    {
        var view = _ml.Data.LoadFromEnumerable(Points(1));

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<Unsuited>(view, reuseRowObject: false));

        Assert.Contains("there is no column 'Z'", error.Message);
        Assert.Contains("column 'X' is Single, but the member is Int32", error.Message);
        Assert.Equal(-1, _ml.Data.CreateEnumerable<WithMore>(view, reuseRowObject: false, ignoreMissingColumns: true).Single().More);
    }

    [Fact]
    public void An_inactive_column_or_a_getter_of_another_type_is_refused_with_the_way_out()
    {
        var view = _ml.Data.LoadFromEnumerable(Points(1));
        var (x, name) = (view.Schema["X"], view.Schema["Name"]);
        foreach (var layered in new[] { view, _ml.Data.Cache(view), _ml.Data.ShuffleRows(view), _ml.Data.TakeRows(view, 1), new DoublingTransformer("Y", "X").Transform(view) })
        {
            using var cursor = layered.GetRowCursor([layered.Schema["X"]]);
            Assert.True(cursor.IsColumnActive(layered.Schema["X"]));
            Assert.False(cursor.IsColumnActive(layered.Schema["Name"]));
            var inactive = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(layered.Schema["Name"]));
            Assert.Equal("column 'Name' (String) is not active here: name it among the columnsNeeded of GetRowCursor", inactive.Message);
            var type = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(layered.Schema["X"]));
            Assert.Equal("column 'X' is Single: read it with GetGetter<Single>, not GetGetter<Double>", type.Message);
        }

        Assert.Contains("the columns are 'Name', 'X'", Assert.Throws<ArgumentOutOfRangeException>(() => view.Schema["Label"]).Message);
    }

    [Fact]
    public void Cursors_of_one_view_read_at_once_on_many_threads_and_agree()
    {
        var view = new DoublingTransformer("Y", "X").Transform(_ml.Data.Cache(_ml.Data.LoadFromEnumerable(Points(500))));

        Parallel.For(0, 16, _ => Assert.Equal(
            Enumerable.Range(0, 500).Select(i => 2f * i),
            _ml.Data.CreateEnumerable<Doubled>(view, reuseRowObject: true).Select(row => row.Y)));
    }

    [Fact]
    public void Columns_of_one_name_hide_the_earlier_one()
    {
        var view = new DoublingTransformer("X", "X").Transform(_ml.Data.LoadFromEnumerable(Points(3)));

        Assert.Equal([false, true, false], view.Schema.Select(column => column.IsHidden));
        Assert.Equal(2, view.Schema["X"].Index);
        Assert.Equal([0, 2, 4], _ml.Data.CreateEnumerable<Point>(view, reuseRowObject: true).Select(point => point.X));
    }

    [Fact]
    public void A_schema_given_adds_sizes_counts_and_annotations_and_a_vector_of_another_size_is_refused()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Pixels", new VectorDataViewType(NumberDataViewType.Single, 2), AnnotationUtils.SlotNames(["left", "right"]));
        var view = _ml.Data.LoadFromEnumerable([new Picture { Pixels = [1, 2] }, new Picture { Pixels = [1] }], builder.ToSchema());

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        Assert.True(view.Schema["Pixels"].HasSlotNames());
        view.Schema["Pixels"].GetSlotNames(ref names);
        Assert.Equal(["left", "right"], names.DenseValues().Select(name => name.ToString()));
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<Picture>(view, reuseRowObject: false).Count());
        Assert.Contains("column 'Pixels' is Vector<Single, 2>, but a row holds 1 items", error.Message);
    }

    [Fact]
    public void A_member_that_is_no_columns_type_is_named() =>
        Assert.Contains("Dated.When is DateTime", Assert.Throws<InvalidOperationException>(() => _ml.Data.LoadFromEnumerable(new List<Dated>())).Message);

    [Fact]
    public void A_preview_shows_the_first_rows_by_row_and_by_column()
    {
        var preview = _ml.Data.LoadFromEnumerable(Points(10)).Preview(maxRows: 2);

        Assert.Equal("Name: p1, X: 1", preview.RowView[1].ToString());
        Assert.Equal([0f, 1f], preview.ColumnView[1].Values);
    }

    internal static IEnumerable<Point> Points(int count) => Enumerable.Range(0, count).Select(i => new Point { Name = $"p{i}", X = i });

    public sealed class Point
    {
        public string Name { get; set; } = "";

        public float X { get; set; }
    }

    public sealed class Doubled
    {
        public float Y { get; set; }
    }

    private sealed class Unsuited
    {
        public int X { get; set; }

        public float Z { get; set; }
    }

    private sealed class WithMore
    {
        public float X { get; set; }

        public int More { get; set; } = -1;
    }

    private sealed class Picture
    {
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Dated
    {
        public DateTime When { get; set; }
    }

    private sealed class Everything
    {
        public string Text { get; set; } = "";

        public bool Flag { get; set; }

        public long Whole { get; set; }

        public double Real { get; set; }

        [KeyType(5)]
        public uint Class { get; set; }

        [VectorType(3)]
        public byte[] Pixels { get; set; } = [];

        public string[] Words { get; set; } = [];

        public VBuffer<float> Sparse { get; set; }

        [ColumnName("Other")]
        public float Renamed { get; set; }

        [NoColumn]
        public DateTime Ignored { get; set; }
    }
}
