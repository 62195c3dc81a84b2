using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetCnn.MicrosoftML.Views;

/// <summary>A row of ML.NET's as one of this library's: its image and its label. Owns and disposes it.</summary>
internal sealed class ImageRow(DataViewRow row, ImageColumns columns) : Pipelines.DataViewRow
{
    public override long Position => row.Position;

    public override long Batch => row.Batch;

    public override Pipelines.DataViewSchema Schema => columns.Schema;

    public override Pipelines.ValueGetter<Pipelines.DataViewRowId> GetIdGetter()
    {
        var getter = row.GetIdGetter();
        var id = default(DataViewRowId);
        return (ref Pipelines.DataViewRowId value) =>
        {
            getter(ref id);
            value = new Pipelines.DataViewRowId(id.Low, id.High);
        };
    }

    public override bool IsColumnActive(Pipelines.DataViewSchema.Column column) => row.IsColumnActive(columns.Sources([column]).Single());

    public override Pipelines.ValueGetter<TValue> GetGetter<TValue>(Pipelines.DataViewSchema.Column column)
    {
        CheckActive(column);
        return Typed<TValue>(column, column.Index == 0 ? Image() : Label(columns.Label!.Value));
    }

    protected override void Dispose(bool disposing)
    {
        row.Dispose();
        base.Dispose(disposing);
    }

    private Pipelines.ValueGetter<Pipelines.VBuffer<byte>> Image()
    {
        var getter = row.GetGetter<VBuffer<byte>>(columns.Image);
        var encoded = default(VBuffer<byte>);
        var dense = default(VBuffer<byte>);
        return (ref Pipelines.VBuffer<byte> value) =>
        {
            getter(ref encoded);
            encoded.CopyToDense(ref dense);
            Pipelines.VBuffer.Fill(dense.GetValues(), ref value);
        };
    }

    private Pipelines.ValueGetter<ulong> Label(DataViewSchema.Column label)
    {
        var type = label.Type.RawType;
        return type == typeof(byte) ? Label<byte>(label, key => key)
            : type == typeof(ushort) ? Label<ushort>(label, key => key)
            : type == typeof(uint) ? Label<uint>(label, key => key)
            : Label<ulong>(label, key => key);
    }

    private Pipelines.ValueGetter<ulong> Label<T>(DataViewSchema.Column label, Func<T, ulong> widen)
        where T : struct
    {
        var getter = row.GetGetter<T>(label);
        var key = default(T);
        return (ref ulong value) =>
        {
            getter(ref key);
            value = widen(key);
        };
    }
}

/// <summary>A cursor of ML.NET's as one of this library's.</summary>
internal sealed class ImageCursor(DataViewRowCursor cursor, ImageColumns columns) : Pipelines.DataViewRowCursor
{
    private readonly ImageRow _row = new(cursor, columns);

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override Pipelines.DataViewSchema Schema => _row.Schema;

    public override Pipelines.ValueGetter<Pipelines.DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override bool IsColumnActive(Pipelines.DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override Pipelines.ValueGetter<TValue> GetGetter<TValue>(Pipelines.DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    public override bool MoveNext() => cursor.MoveNext();

    protected override void Dispose(bool disposing)
    {
        _row.Dispose();
        base.Dispose(disposing);
    }
}
