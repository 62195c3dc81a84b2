namespace MLNetCnn.Pipelines;

/// <summary>Views from memory, and views of views: splits, filters, orders, caches. All are lazy.</summary>
public sealed class DataOperationsCatalog
{
    // ML.NET's own seed where neither the call nor the context gives one: splits are the same from run to run.
    private const int DefaultSplitSeed = 42;

    private readonly MLContext _context;

    internal DataOperationsCatalog(MLContext context) => _context = context;

    /// <summary>
    /// The public fields and readable properties of objects as columns. The sequence is enumerated by every cursor anew, so it must
    /// give the same objects each time.
    /// </summary>
    /// <exception cref="InvalidOperationException">A member's type is none of a column's: mark it <see cref="NoColumnAttribute"/>.</exception>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EnumerableDataView<TRow>(data, RowMember.Readable(typeof(TRow)));
    }

    /// <summary>Likewise, with the vector sizes, key counts and annotations that <paramref name="schema"/> gives columns of these names.</summary>
    /// <exception cref="InvalidOperationException">The schema gives a member a type that cannot carry it.</exception>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(schema);
        return new EnumerableDataView<TRow>(data, [.. RowMember.Readable(typeof(TRow)).Select(member => member.As(schema))]);
    }

    /// <summary>The rows as objects, read as the sequence is enumerated; only the columns that the class has members for are computed.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="reuseRowObject">Whether one object is filled again for every row: faster, and to be used up at once.</param>
    /// <param name="ignoreMissingColumns">Whether members without a column keep their value; else they are an error.</param>
    /// <exception cref="InvalidOperationException">A member lacks a column, or its type does not suit it.</exception>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        var members = RowMember.Writable(typeof(TRow));
        return Rows(RowBinding.Columns(members, data.Schema, typeof(TRow), ignoreMissingColumns));

        IEnumerable<TRow> Rows(IReadOnlyList<DataViewSchema.Column> columns)
        {
            using var cursor = data.GetRowCursor(columns);
            var fill = RowBinding.Filler<TRow>(members, cursor);
            var row = new TRow();
            while (cursor.MoveNext())
            {
                row = reuseRowObject ? row : new TRow();
                fill(row);
                yield return row;
            }
        }
    }

    /// <summary>
    /// Keeps columns in memory from when they are first read; values that own resources (images) are not kept. Cursors over it can
    /// shuffle.
    /// </summary>
    /// <param name="input">The data.</param>
    /// <param name="columnsToPrefetch">Columns read along with whatever is read first.</param>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new CacheDataView(input, [.. columnsToPrefetch.Select(name => input.Schema[name])]);
    }

    /// <summary>
    /// Splits rows at random into about <paramref name="testFraction"/> for testing and the rest. The same seed gives the same
    /// split, however the rows are read.
    /// </summary>
    /// <param name="data">The rows.</param>
    /// <param name="testFraction">Between 0 and 1, both exclusive.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value here stay on the same side (photos of one animal, for example).</param>
    /// <param name="seed">The seed; null: the context's, or a fixed one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="testFraction"/> is not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">The sampling key is a vector or an image.</exception>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "the test fraction lies between 0 and 1, both exclusive");
        }

        var number = Number(data, samplingKeyColumnName, seed);
        return new TrainTestData(number.Rows(data, 0, testFraction, complement: true), number.Rows(data, 0, testFraction, complement: false));
    }

    /// <summary>Splits rows at random into folds: each fold's test set is one of about equal parts, its train set the rest.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="numberOfFolds">At least 2.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value here stay in the same part.</param>
    /// <param name="seed">The seed; null: the context's, or a fixed one.</param>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        var number = Number(data, samplingKeyColumnName, seed);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            var (from, to) = ((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds);
            return new TrainTestData(number.Rows(data, from, to, complement: true), number.Rows(data, from, to, complement: false));
        })];
    }

    /// <summary>The rows in a random order, drawn from a pool of the next ones; every cursor gives the same order.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="seed">The seed; null: one from the context.</param>
    /// <param name="shufflePoolSize">Rows kept in memory to draw from; as many as there are rows shuffles completely.</param>
    /// <param name="shuffleSource">Whether the source is asked to shuffle too, where it can.</param>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shufflePoolSize);
        return new RowShuffle(input, seed ?? _context.NextSeed(), shufflePoolSize, shuffleSource);
    }

    /// <summary>The first <paramref name="count"/> rows, or all where there are fewer.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="count">At least 1.</param>
    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RowRange(input, 0, count);
    }

    /// <summary>The rows after the first <paramref name="count"/>.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="count">At least 1.</param>
    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RowRange(input, count, long.MaxValue);
    }

    /// <summary>The rows whose number is in [<paramref name="lowerBound"/>, <paramref name="upperBound"/>); NaN is in no range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The upper bound is not above the lower one.</exception>
    /// <exception cref="InvalidOperationException">The column holds no numbers.</exception>
    public IDataView FilterRowsByColumn(
        IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!(lowerBound < upperBound))
        {
            throw new ArgumentOutOfRangeException(nameof(upperBound), upperBound, $"the upper bound must be above the lower bound {lowerBound}");
        }

        var column = input.Schema[columnName];
        return column.Type is NumberDataViewType
            ? new RowFilter(input, [column], row =>
            {
                var read = ColumnReader.AsDouble(row, column)!;
                return () => read() is var value && value >= lowerBound && (value < upperBound || (double.IsPositiveInfinity(upperBound) && value <= upperBound));
            })
            : throw new InvalidOperationException($"column '{columnName}' is {column.Type}: filter keys with FilterRowsByKeyColumnFraction, and numbers with this");
    }

    /// <summary>
    /// The rows whose key lies in a part of the key's range: (key − ½) / count, as ML.NET places it, in [<paramref name="lowerBound"/>,
    /// <paramref name="upperBound"/>). Missing keys are left out.
    /// </summary>
    /// <param name="input">The rows.</param>
    /// <param name="columnName">A key column.</param>
    /// <param name="lowerBound">In [0, 1].</param>
    /// <param name="upperBound">In [0, 1], not below <paramref name="lowerBound"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are not so.</exception>
    /// <exception cref="InvalidOperationException">The column holds no keys.</exception>
    public IDataView FilterRowsByKeyColumnFraction(IDataView input, string columnName, double lowerBound = 0, double upperBound = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!(lowerBound >= 0 && lowerBound <= upperBound && upperBound <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(lowerBound), $"the bounds {lowerBound} and {upperBound} must ascend within [0, 1]");
        }

        var column = input.Schema[columnName];
        return column.Type is KeyDataViewType key
            ? new RowFilter(input, [column], row =>
            {
                var read = ColumnReader.AsKey(row, column)!;
                return () => read() is > 0 and var value && (value - 0.5) / key.Count is var place && place >= lowerBound && place < upperBound;
            })
            : throw new InvalidOperationException($"column '{columnName}' is {column.Type}, not a key: map it with MapValueToKey, or filter numbers with FilterRowsByColumn");
    }

    /// <summary>The rows in which none of <paramref name="columns"/> is missing: NaN, empty text, key 0, or an item that is.</summary>
    /// <exception cref="ArgumentException">No column is named.</exception>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (columns.Length == 0)
        {
            throw new ArgumentException("name at least one column", nameof(columns));
        }

        DataViewSchema.Column[] tested = [.. columns.Select(name => input.Schema[name])];
        return new RowFilter(input, tested, row =>
        {
            var missing = tested.Select(column => MissingValues.Test(row, column)).ToArray();
            return () => !Array.Exists(missing, test => test());
        });
    }

    private SplitNumber Number(IDataView data, string? samplingKeyColumnName, int? seed) =>
        new(data, samplingKeyColumnName, seed ?? _context.Seed ?? DefaultSplitSeed);

    /// <summary>The two sides of a split.</summary>
    public readonly struct TrainTestData
    {
        internal TrainTestData(IDataView trainSet, IDataView testSet) => (TrainSet, TestSet) = (trainSet, testSet);

        /// <summary>The rows to train on.</summary>
        public IDataView TrainSet { get; }

        /// <summary>The rows held out.</summary>
        public IDataView TestSet { get; }
    }
}
