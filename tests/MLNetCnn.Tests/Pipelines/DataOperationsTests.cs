namespace MLNetCnn.Tests.Pipelines;

public sealed class DataOperationsTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_split_is_fixed_by_its_seed_whatever_order_it_is_read_in_and_is_a_partition()
    {
        var view = _ml.Data.Cache(Photos(2000));
        var split = _ml.Data.TrainTestSplit(view, testFraction: 0.2, seed: 5);
        var test = Ids(split.TestSet);

        Assert.Equal(test, Ids(_ml.Data.TrainTestSplit(view, testFraction: 0.2, seed: 5).TestSet));
        Assert.NotEqual(test, Ids(_ml.Data.TrainTestSplit(view, testFraction: 0.2, seed: 6).TestSet));
        Assert.InRange(test.Count, 340, 460);
        Assert.Equal(Enumerable.Range(0, 2000), test.Concat(Ids(split.TrainSet)).Order());

        using var shuffled = split.TestSet.GetRowCursor(split.TestSet.Schema, new Random(3));
        var read = new List<int>();
        var getter = shuffled.GetGetter<int>(split.TestSet.Schema["Id"]);
        while (shuffled.MoveNext())
        {
            var id = 0;
            getter(ref id);
            read.Add(id);
        }

        Assert.NotEqual(test, read);
        Assert.Equal(test, read.Order());
    }

    // Of numbers that lie in one range already, another range has all or nothing.
    [Fact]
    public void A_split_of_a_part_of_a_split_has_its_own_share_of_it()
    {
        var view = Photos(4000);
        var outer = _ml.Data.TrainTestSplit(view, testFraction: 0.3);
        var (train, test) = (Ids(outer.TrainSet).Count, Ids(outer.TestSet).Count);
        foreach (var (part, count) in new[] { (outer.TrainSet, train), (_ml.Data.ShuffleRows(_ml.Data.Cache(outer.TrainSet)), train), (outer.TestSet, test) })
        {
            Assert.InRange(Ids(_ml.Data.TrainTestSplit(part, testFraction: 0.2).TestSet).Count / (double)count, 0.17, 0.23);
            Assert.All(_ml.Data.CrossValidationSplit(part, numberOfFolds: 4), fold => Assert.InRange(Ids(fold.TestSet).Count / (double)count, 0.21, 0.29));
        }
    }

    [Fact]
    public void Without_a_seed_the_contexts_decides_and_without_one_the_split_is_still_the_same()
    {
        var view = Photos(300);

        Assert.Equal(Ids(new MLContext(9).Data.TrainTestSplit(view).TestSet), Ids(_ml.Data.TrainTestSplit(view, seed: 9).TestSet));
        Assert.Equal(Ids(new MLContext().Data.TrainTestSplit(view).TestSet), Ids(new MLContext().Data.TrainTestSplit(view).TestSet));
    }

    [Theory]
    [InlineData("Animal")]
    [InlineData("Herd")]
    [InlineData("Weight")]
    [InlineData("Male")]
    public void Rows_with_the_same_sampling_key_stay_on_one_side(string key)
    {
        var split = _ml.Data.TrainTestSplit(Photos(1000), testFraction: 0.5, samplingKeyColumnName: key, seed: 5);
        var (train, test) = (Values(split.TrainSet, key), Values(split.TestSet, key));

        Assert.Empty(train.Intersect(test));
        Assert.Equal(1000, Ids(split.TrainSet).Concat(Ids(split.TestSet)).Distinct().Count());
    }

    [Fact]
    public void Folds_partition_the_rows_and_each_trains_on_the_others()
    {
        var view = Photos(1000);
        var folds = _ml.Data.CrossValidationSplit(view, numberOfFolds: 4, samplingKeyColumnName: "Animal");

        Assert.Equal(Enumerable.Range(0, 1000), folds.SelectMany(fold => Ids(fold.TestSet)).Order());
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, 1000), Ids(fold.TestSet).Concat(Ids(fold.TrainSet)).Order()));
        Assert.All(folds, fold => Assert.Empty(Values(fold.TestSet, "Animal").Intersect(Values(fold.TrainSet, "Animal"))));
    }

    [Fact]
    public void Shuffling_gives_every_row_once_in_the_same_order_for_every_cursor_and_keeps_only_the_pool()
    {
        var random = new Random(2);
        for (var round = 0; round < 30; round++)
        {
            var (rows, pool, seed) = (random.Next(0, 60), random.Next(1, 40), random.Next());
            var view = _ml.Data.ShuffleRows(Photos(rows), seed, pool);
            var ids = Ids(view);
            Assert.Equal(Enumerable.Range(0, rows), ids.Order());
            Assert.Equal(ids, Ids(view));
            // A row is drawn among the next `pool` ones: it comes at most pool − 1 places too early.
            Assert.All(ids.Select((id, place) => id - place), early => Assert.True(early < pool));
        }

        Assert.NotEqual(Enumerable.Range(0, 500), Ids(_ml.Data.ShuffleRows(Photos(500), seed: 1)));
    }

    [Fact]
    public void Take_and_skip_give_what_linq_gives()
    {
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var (rows, skip, take) = (random.Next(0, 20), random.Next(1, 12), random.Next(1, 12));
            var view = _ml.Data.TakeRows(_ml.Data.SkipRows(Photos(rows), skip), take);
            Assert.Equal(Enumerable.Range(0, rows).Skip(skip).Take(take), Ids(view));
            Assert.Equal(Ids(view).Count, view.GetRowCount());
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(Photos(1), 0));
    }

    [Fact]
    public void Filters_keep_the_rows_in_range_and_drop_the_missing()
    {
        Measured[] rows =
        [
            new() { Id = 0, Value = 1, Name = "a", Key = 1, Vector = [1, 2] },
            new() { Id = 1, Value = float.NaN, Name = "b", Key = 2, Vector = [1] },
            new() { Id = 2, Value = 3, Name = "", Key = 3, Vector = [] },
            new() { Id = 3, Value = float.PositiveInfinity, Name = "d", Key = 4, Vector = [float.NaN, 1] },
            new() { Id = 4, Value = 5, Name = "e", Key = 0, Vector = [0] },
        ];
        var view = _ml.Data.LoadFromEnumerable(rows);

        Assert.Equal([0, 2], Ids(_ml.Data.FilterRowsByColumn(view, "Value", 1, 5)));
        Assert.Equal([0, 2, 3, 4], Ids(_ml.Data.FilterRowsByColumn(view, "Value")));
        Assert.Equal([0, 1], Ids(_ml.Data.FilterRowsByKeyColumnFraction(view, "Key", 0, 0.5)));
        Assert.Equal([2, 3], Ids(_ml.Data.FilterRowsByKeyColumnFraction(view, "Key", 0.5, 1)));
        Assert.Equal([0, 2, 3, 4], Ids(_ml.Data.FilterRowsByMissingValues(view, "Value")));
        Assert.Equal([0], Ids(_ml.Data.FilterRowsByMissingValues(view, "Value", "Name", "Key", "Vector")));
        Assert.Contains("'Name' is String", Assert.Throws<InvalidOperationException>(() => _ml.Data.FilterRowsByColumn(view, "Name")).Message);
    }

    [Fact]
    public void A_cache_reads_each_column_once_when_it_is_first_asked_for()
    {
        var doubling = new DoublingTransformer("Y", "X");
        var view = _ml.Data.Cache(doubling.Transform(_ml.Data.LoadFromEnumerable(DataViewTests.Points(10))), "X");

        Assert.Equal(10, _ml.Data.CreateEnumerable<DataViewTests.Point>(view, reuseRowObject: true).Count());
        Assert.Equal(0, doubling.Values);
        for (var pass = 0; pass < 3; pass++)
        {
            Assert.Equal(90, _ml.Data.CreateEnumerable<DataViewTests.Doubled>(view, reuseRowObject: true).Sum(row => row.Y));
        }

        Assert.Equal(10, doubling.Values);
        Assert.Equal(10, view.GetRowCount());
    }

    private IDataView Photos(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Photo
    {
        Id = i,
        Animal = $"animal {i % 37}",
        Herd = i % 11,
        Weight = i % 13 / 7f,
        Male = i % 2 == 0,
    }));

    private List<int> Ids(IDataView view) => [.. _ml.Data.CreateEnumerable<Numbered>(view, reuseRowObject: true).Select(row => row.Id)];

    private static HashSet<object?> Values(IDataView view, string column) => [.. view.Preview(int.MaxValue).ColumnView[view.Schema[column].Index].Values.Select(value => value?.ToString())];

    private sealed class Numbered
    {
        public int Id { get; set; }
    }

    private sealed class Photo
    {
        public int Id { get; set; }

        public string Animal { get; set; } = "";

        public long Herd { get; set; }

        public float Weight { get; set; }

        public bool Male { get; set; }
    }

    private sealed class Measured
    {
        public int Id { get; set; }

        public float Value { get; set; }

        public string Name { get; set; } = "";

        [KeyType(4)]
        public uint Key { get; set; }

        public float[] Vector { get; set; } = [];
    }
}
