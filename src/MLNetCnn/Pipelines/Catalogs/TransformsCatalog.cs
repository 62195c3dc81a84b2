namespace MLNetCnn.Pipelines;

/// <summary>Estimators that prepare data; image steps attach themselves as extension methods.</summary>
public sealed class TransformsCatalog
{
    internal TransformsCatalog(MLContext context)
    {
        Context = context;
        Conversion = new ConversionTransforms(context);
    }

    /// <summary>The context that the catalog belongs to.</summary>
    public MLContext Context { get; }

    /// <summary>Estimators between values and keys.</summary>
    public ConversionTransforms Conversion { get; }

    /// <summary>Gives <paramref name="inputColumnName"/> a second time as <paramref name="outputColumnName"/>.</summary>
    public ColumnCopyingEstimator CopyColumns(string outputColumnName, string inputColumnName) => new(outputColumnName, inputColumnName);

    /// <summary>Drops the named columns.</summary>
    public ColumnSelectingEstimator DropColumns(params string[] columnNames) => new(columnNames, drop: true, keepHidden: false);

    /// <summary>Keeps the named columns only, in this order.</summary>
    public ColumnSelectingEstimator SelectColumns(params string[] columnNames) => SelectColumns(columnNames, keepHidden: false);

    /// <summary>Keeps the named columns only, in this order.</summary>
    /// <param name="columnNames">The columns.</param>
    /// <param name="keepHidden">Whether columns hidden by them stay too.</param>
    public ColumnSelectingEstimator SelectColumns(string[] columnNames, bool keepHidden) => new(columnNames, drop: false, keepHidden);

    /// <summary>Estimators between values and keys.</summary>
    public sealed class ConversionTransforms
    {
        internal ConversionTransforms(MLContext context) => Context = context;

        /// <summary>The context that the catalog belongs to.</summary>
        public MLContext Context { get; }

        /// <summary>Numbers the distinct values of a column from 1; missing and unseen ones become 0.</summary>
        /// <param name="outputColumnName">The key column (carried by uint), with the values as annotation.</param>
        /// <param name="inputColumnName">A text, number or boolean column; null: <paramref name="outputColumnName"/>.</param>
        /// <param name="maximumNumberOfKeys">Values beyond this many get key 0.</param>
        /// <param name="keyOrdinality">By first occurrence, or sorted.</param>
        /// <param name="addKeyValueAnnotationsAsText">Whether the annotation holds the values as text whatever their type.</param>
        /// <param name="keyData">A view of one column whose values, in its order, are the keys; null: they are learned from the data.</param>
        public ValueToKeyMappingEstimator MapValueToKey(
            string outputColumnName,
            string? inputColumnName = null,
            int maximumNumberOfKeys = 1000000,
            ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
            bool addKeyValueAnnotationsAsText = false,
            IDataView? keyData = null) =>
            new(outputColumnName, inputColumnName, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

        /// <summary>Maps keys back to the values that their annotation says.</summary>
        /// <param name="outputColumnName">The column of values.</param>
        /// <param name="inputColumnName">The key column; null: <paramref name="outputColumnName"/>.</param>
        public KeyToValueMappingEstimator MapKeyToValue(string outputColumnName, string? inputColumnName = null) => new(outputColumnName, inputColumnName);
    }
}
