namespace MLNetCnn.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Sum, with broadcasting.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>Sum.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        /// <summary>Difference, with broadcasting.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        /// <summary>Difference.</summary>
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        /// <summary>Product, with broadcasting.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        /// <summary>Product.</summary>
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        /// <summary>Quotient, with broadcasting.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        /// <summary>Quotient.</summary>
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        /// <summary>Sum.</summary>
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        /// <summary>Difference.</summary>
        public static Tensor operator -(Scalar left, Tensor right) => Owned(mnc_rsub_scalar(right, left, out var result), result);

        /// <summary>Product.</summary>
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        /// <summary>Quotient.</summary>
        public static Tensor operator /(Scalar left, Tensor right)
        {
            using var reciprocal = right.reciprocal();
            return reciprocal.mul(left);
        }

        /// <summary>The negative.</summary>
        public static Tensor operator -(Tensor value) => value.neg();

        /// <summary>This plus <paramref name="alpha"/> times <paramref name="other"/>, with broadcasting.</summary>
        public Tensor add(Tensor other, Scalar alpha) => Owned(mnc_add(this, other, alpha, out var result), result);

        /// <summary>This plus <paramref name="other"/>, with broadcasting.</summary>
        public Tensor add(Tensor other) => add(other, 1);

        /// <summary>This plus <paramref name="other"/>.</summary>
        public Tensor add(Scalar other) => Owned(mnc_add_scalar(this, other, out var result), result);

        /// <summary>This minus <paramref name="alpha"/> times <paramref name="other"/>, with broadcasting.</summary>
        public Tensor sub(Tensor other, Scalar alpha) => Owned(mnc_sub(this, other, alpha, out var result), result);

        /// <summary>This minus <paramref name="other"/>, with broadcasting.</summary>
        public Tensor sub(Tensor other) => sub(other, 1);

        /// <summary>This minus <paramref name="other"/>.</summary>
        public Tensor sub(Scalar other) => Owned(mnc_sub_scalar(this, other, out var result), result);

        /// <summary>Adds <paramref name="alpha"/> times <paramref name="other"/>, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor add_(Tensor other, Scalar alpha) => Done(mnc_add_(this, other, alpha));

        /// <summary>Adds <paramref name="other"/>, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor add_(Tensor other) => add_(other, 1);

        /// <summary>Adds <paramref name="other"/>, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor add_(Scalar other) => Done(mnc_add_scalar_(this, other));

        /// <summary>Subtracts <paramref name="alpha"/> times <paramref name="other"/>, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor sub_(Tensor other, Scalar alpha) => Done(mnc_sub_(this, other, alpha));

        /// <summary>Subtracts <paramref name="other"/>, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor sub_(Tensor other) => sub_(other, 1);

        /// <summary>Subtracts <paramref name="other"/>, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor sub_(Scalar other) => Done(mnc_sub_scalar_(this, other));

        /// <summary>This times <paramref name="other"/>, element by element.</summary>
        public Tensor mul(Tensor other) => Owned(mnc_mul(this, other, out var result), result);

        /// <summary>This times <paramref name="other"/>, element by element.</summary>
        public Tensor mul(Scalar other) => Owned(mnc_mul_scalar(this, other, out var result), result);

        /// <summary>This divided by <paramref name="other"/>, element by element.</summary>
        public Tensor div(Tensor other) => Owned(mnc_div(this, other, out var result), result);

        /// <summary>This divided by <paramref name="other"/>, element by element.</summary>
        public Tensor div(Scalar other) => Owned(mnc_div_scalar(this, other, out var result), result);

        /// <summary>Multiplies, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor mul_(Tensor other) => Done(mnc_mul_(this, other));

        /// <summary>Multiplies, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor mul_(Scalar other) => Done(mnc_mul_scalar_(this, other));

        /// <summary>Divides, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor div_(Tensor other) => Done(mnc_div_(this, other));

        /// <summary>Divides, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor div_(Scalar other) => Done(mnc_div_scalar_(this, other));

        /// <summary>This to the power of <paramref name="other"/>.</summary>
        public Tensor pow(Tensor other) => Owned(mnc_pow(this, other, out var result), result);

        /// <summary>This to the power of <paramref name="other"/>.</summary>
        public Tensor pow(Scalar other) => Owned(mnc_pow_scalar(this, other, out var result), result);

        /// <summary>The matrix product <c>[…, m, k] · […, k, n]</c>, batched over leading dimensions.</summary>
        public Tensor matmul(Tensor other) => Owned(mnc_matmul(this, other, out var result), result);

        /// <summary>The smaller of the two, element by element.</summary>
        public Tensor minimum(Tensor other) => Owned(mnc_minimum(this, other, out var result), result);

        /// <summary>The larger of the two, element by element.</summary>
        public Tensor maximum(Tensor other) => Owned(mnc_maximum(this, other, out var result), result);

        /// <summary>Moves towards <paramref name="end"/> by the fraction <paramref name="weight"/>, in place: a moving average.</summary>
        /// <returns>This tensor.</returns>
        public Tensor lerp_(Tensor end, Scalar weight) => Done(mnc_lerp_(this, end, weight));

        /// <summary>Zero everywhere, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor zero_() => Done(mnc_zero_(this));

        /// <summary><paramref name="value"/> everywhere, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor fill_(Scalar value) => Done(mnc_fill_scalar_(this, value));

        /// <summary>Cut to <c>[min, max]</c>; null leaves a side open.</summary>
        public unsafe Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            var (low, high) = (min.GetValueOrDefault(), max.GetValueOrDefault());
            return Owned(mnc_clamp(this, min is null ? null : &low, max is null ? null : &high, out var result), result);
        }

        /// <summary>Cut to <c>[min, max]</c>, in place; null leaves a side open.</summary>
        /// <returns>This tensor.</returns>
        public unsafe Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            var (low, high) = (min.GetValueOrDefault(), max.GetValueOrDefault());
            return Done(mnc_clamp_(this, min is null ? null : &low, max is null ? null : &high));
        }

        /// <summary>The negative.</summary>
        public Tensor neg() => Owned(mnc_neg(this, out var result), result);

        /// <summary>The negative, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor neg_() => Done(mnc_neg_(this));

        /// <summary>The absolute value.</summary>
        public Tensor abs() => Owned(mnc_abs(this, out var result), result);

        /// <summary>The absolute value, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor abs_() => Done(mnc_abs_(this));

        /// <summary>e to the power.</summary>
        public Tensor exp() => Owned(mnc_exp(this, out var result), result);

        /// <summary>e to the power, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor exp_() => Done(mnc_exp_(this));

        /// <summary>The square root.</summary>
        public Tensor sqrt() => Owned(mnc_sqrt(this, out var result), result);

        /// <summary>The square root, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor sqrt_() => Done(mnc_sqrt_(this));

        /// <summary>The natural logarithm.</summary>
        public Tensor log() => Owned(mnc_log(this, out var result), result);

        /// <summary>The natural logarithm of 1 plus this, exact near 0.</summary>
        public Tensor log1p() => Owned(mnc_log1p(this, out var result), result);

        /// <summary>1 over the square root.</summary>
        public Tensor rsqrt() => Owned(mnc_rsqrt(this, out var result), result);

        /// <summary>The square.</summary>
        public Tensor square() => Owned(mnc_square(this, out var result), result);

        /// <summary>1 over this.</summary>
        public Tensor reciprocal() => Owned(mnc_reciprocal(this, out var result), result);

        /// <summary>Rounded down.</summary>
        public Tensor floor() => Owned(mnc_floor(this, out var result), result);

        /// <summary>Rounded, halves to even.</summary>
        public Tensor round() => Owned(mnc_round(this, out var result), result);

        /// <summary>-1, 0 or 1.</summary>
        public Tensor sign() => Owned(mnc_sign(this, out var result), result);

        private Tensor Done(int status)
        {
            Check(status);
            return this;
        }
    }
}
