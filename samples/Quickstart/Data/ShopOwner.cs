namespace Quickstart.Data;

/// <summary>The account that is there from the first start.</summary>
internal sealed record ShopOwner(string Name, string Password)
{
    public static ShopOwner From(IConfiguration configuration) =>
        new(configuration["Shop:Owner"] ?? "owner@shop.example", configuration["Shop:OwnerPassword"] ?? "Demo-Owner-1");
}
