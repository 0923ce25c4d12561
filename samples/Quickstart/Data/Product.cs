namespace Quickstart.Data;

public sealed record Product(string Id, string Name, string Description, decimal Price)
{
    public static IReadOnlyList<Product> Catalogue { get; } =
    [
        new("lamp", "Harbour lamp", "Brass, storm proof, found in no harbour.", 79.00m),
        new("kettle", "Quiet kettle", "Boils a litre and says nothing.", 54.50m),
        new("stool", "Three-legged stool", "Stands on any floor, even yours.", 68.00m),
        new("blanket", "Night train blanket", "Wool, two colours, one long journey.", 95.00m),
        new("clock", "Unhurried clock", "Right twice as often as most.", 120.00m),
        new("pen", "Fountain pen", "For letters that deserve an answer.", 32.00m),
    ];

    public static Product? Find(string? id) => Catalogue.FirstOrDefault(product => product.Id == id);
}
